using System.Net;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>The signing request of a finalize, checked against its order (RFC 8555 7.4): exactly the order's identifiers, nothing that the CA would leave out.</summary>
public static class FinalizeRequest
{
    /// <summary>What is asked for and left out without harm: these say nothing about what the certificate is for.</summary>
    private static readonly string[] Harmless = ["challengePassword", "unstructuredName", "Windows"];

    /// <exception cref="AcmeException">badCSR, saying what is wrong.</exception>
    public static SigningRequest Read(byte[] csr, AcmeOrder order, string accountKeyHash)
    {
        SigningRequest request;
        try
        {
            request = csr is [0x30, ..] ? SigningRequest.Parse(csr) : throw AcmeOrderErrors.BadCsr("The CSR is not DER: send base64url of the DER, without the PEM lines.");
        }
        catch (ServiceException invalid)
        {
            throw AcmeOrderErrors.BadCsr(invalid.Message);
        }

        RequireNames(request, order);
        if (request.Findings.FirstOrDefault(finding => !Harmless.Any(word => finding.Message.Contains(word, StringComparison.Ordinal))) is { } ignored)
            throw AcmeOrderErrors.BadCsr(ignored.Message.Replace("this is left out", "this is not certified here", StringComparison.Ordinal));
        // RFC 8555 11.1: an account's key must not be a certificate's as well.
        return request.KeyHash != accountKeyHash ? request : throw AcmeOrderErrors.BadCsr("The CSR's key is the account's key. Make a key of its own for the certificate.");
    }

    /// <summary>7.4: the exact same set of identifiers, in subjectAltName or as the common name, in any order.</summary>
    private static void RequireNames(SigningRequest request, AcmeOrder order)
    {
        HashSet<AcmeIdentifier> asked = [];
        foreach (var name in request.Names)
        {
            asked.Add(name.Type switch
            {
                NameType.Dns => new AcmeIdentifier(AcmeIdentifierType.Dns, name.Value),
                NameType.Ip => new AcmeIdentifier(AcmeIdentifierType.Ip, name.Value),
                NameType.Email or NameType.Uri => throw AcmeOrderErrors.BadCsr($"The CSR asks for {name}, which is not certified here."),
            });
        }

        if (request.Subject.CommonName is { Length: > 0 } commonName)
            asked.Add(IPAddress.TryParse(commonName, out var address)
                ? new AcmeIdentifier(AcmeIdentifierType.Ip, address.ToString())
                : new AcmeIdentifier(AcmeIdentifierType.Dns, commonName.ToLowerInvariant()));

        if (asked.SetEquals(order.Identifiers)) return;
        var extra = asked.Except(order.Identifiers).Select(identifier => identifier.Value).ToList();
        var missing = order.Identifiers.Except(asked).Select(identifier => identifier.Value).ToList();
        throw AcmeOrderErrors.BadCsr(string.Join(' ', new[] { Sentence("The CSR has names that the order has not", extra), Sentence("The CSR lacks names of the order", missing) }.Where(text => text.Length > 0)));
    }

    private static string Sentence(string start, List<string> names) =>
        names.Count == 0 ? "" : $"{start}: {string.Join(", ", names.Take(5).Select(name => name.Length > 100 ? name[..100] + "…" : name))}{(names.Count > 5 ? $" and {names.Count - 5} more" : "")}.";
}
