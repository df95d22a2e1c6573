using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>
/// Whether a PKCS#10 request fits a template (RFC 9115 4.1): all that the template demands, and nothing that it does not name. What keys are too weak
/// and whether the names are the order's is asked elsewhere, of <see cref="CsrVerdict.Request"/>. Pure; never throws.
/// </summary>
public static class CsrTemplateCheck
{
    private const string Whole = "$";

    /// <summary>A request can be wrong in thousands of ways; nobody reads more.</summary>
    private const int MaxFindings = 100;

    /// <param name="csr">DER or PEM.</param>
    /// <param name="isLegitimate">
    /// RFC 9115 4.1, a MUST where the template leaves DNS names to the consumer: whether this one, in lower case, was delegated, such as
    /// <see cref="TemplateNames.Allows"/>.
    /// </param>
    public static CsrVerdict Check(CsrTemplate template, byte[] csr, Func<string, bool> isLegitimate)
    {
        try
        {
            var encoded = csr is [0x30, ..] || csr.Length > SigningRequest.MaxLength ? csr : SigningRequestText.Decode(Encoding.ASCII.GetString(csr));
            var request = SigningRequest.Parse(encoded); // Its signature is right, too.
            return new(request, encoded, [.. Find(template, request, CsrContent.Read(encoded), isLegitimate).Take(MaxFindings)]);
        }
        catch (ServiceException refused)
        {
            return new(null, [], [new(Whole, refused.Message)]);
        }
        catch (AsnContentException)
        {
            return new(null, [], [new(Whole, "This is not a PKCS#10 certificate signing request.")]);
        }
    }

    private static IEnumerable<CsrFinding> Find(CsrTemplate template, SigningRequest request, CsrContent content, Func<string, bool> isLegitimate) =>
    [
        .. FindInKey(template, request.Key),
        .. SubjectCheck.Find(template, content, request.Names),
        .. FindInAttributes(content),
        .. content.Extensions.Select(extension => extension.Oid).Distinct(StringComparer.Ordinal).Where(oid => template.Extensions.All(known => known.Oid != oid)).Select(FindForeign),
        .. template.Extensions.SelectMany(extension => FindIn(extension, content, isLegitimate)),
    ];

    /// <summary>Type and size of the SubjectPublicKeyInfo are those of one member of keyTypes; SignatureType restrains neither.</summary>
    private static IEnumerable<CsrFinding> FindInKey(CsrTemplate template, PublicKeyFacts key)
    {
        if (!template.KeyTypes.Any(known => known.Allows(key)))
            yield return new("$.keyTypes", $"The request's key is {key.Description}; the template takes {string.Join(" or ", template.KeyTypes.Select(known => known.Description).Distinct(StringComparer.Ordinal))}.");
    }

    private static IEnumerable<CsrFinding> FindInAttributes(CsrContent content)
    {
        if (content.ExtensionRequests > 1) yield return new(TemplateExtensions.Path, "The request has its extensions in several attributes: put them into one.");
        foreach (var oid in content.OtherAttributes) yield return new(Whole, $"The request has the attribute {NameOf(oid)}, which no template has: leave it out.");
    }

    private static CsrFinding FindForeign(string oid) => new(TemplateExtensions.Path, $"The request asks for the extension {NameOf(oid)}, which the template does not have.");

    private static IEnumerable<CsrFinding> FindIn(ITemplateExtension extension, CsrContent content, Func<string, bool> isLegitimate)
    {
        var place = $"{TemplateExtensions.Path}.{extension.Name}";
        RequestedExtension[] asked = [.. content.Extensions.Where(asked => asked.Oid == extension.Oid)];
        if (asked.Length > 1) return [new(place, $"The request has {extension.Name} {asked.Length} times.")];
        try
        {
            return [.. extension.Check(asked is [var only] ? only.Value : default(ReadOnlyMemory<byte>?), isLegitimate)];
        }
        catch (AsnContentException)
        {
            return [new(place, $"The request's {extension.Name} is damaged.")];
        }
    }

    private static string NameOf(string oid) => new Oid(oid).FriendlyName ?? oid;
}
