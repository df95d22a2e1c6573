using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.Acme;

/// <summary>tls-alpn-01: RFC 8737 3, and RFC 8738 6 for addresses.</summary>
public sealed class TlsAlpn01Validator(TargetResolver resolver, TargetConnector connector, ValidationSlots slots, IOptions<AcmeOptions> acme) : IChallengeValidator
{
    private static readonly SslApplicationProtocol Protocol = new("acme-tls/1");

    public ChallengeType Type => ChallengeType.TlsAlpn01;

    public Task<ValidationOutcome> ValidateAsync(ValidationTask task, CancellationToken ct) =>
        slots.RunAsync((trace, bound) => ValidateAsync(task, trace, bound), ct);

    private async Task<string> ValidateAsync(ValidationTask task, ValidationTrace trace, CancellationToken ct)
    {
        if (task.IsWildcard) throw new ValidationFailedException(AcmeProblemType.Malformed, "A wildcard name is validated by DNS, not by tls-alpn-01.");

        // 2. An address of the name.
        var target = await resolver.ResolveAsync(task.Identifier.Value, trace, ct);

        // 3. TLS to port 443, with this protocol and this name alone.
        await using var connection = await connector.ConnectAsync(target, acme.Value.TlsAlpn01Port, trace, ct);
        await using var tls = new SslStream(connection);
        var serverName = ServerNameFor(task.Identifier);
        await ShakeHandsAsync(tls, serverName, trace, ct);

        // 4. The protocol was negotiated, and the certificate is the one that only the account can have made.
        var where = $"{task.Identifier.Value} on port {acme.Value.TlsAlpn01Port} (server name {serverName})";
        if (tls.NegotiatedApplicationProtocol != Protocol)
            throw new ValidationFailedException(AcmeProblemType.Tls, $"{where} did not choose the protocol acme-tls/1 (ALPN). The answering server does not know of the challenge.");
        var objection = tls.RemoteCertificate is { } certificate
            ? ChallengeCertificate.FindObjection(certificate.GetRawCertData(), task.Identifier, task.KeyAuthorization)
            : "there is none";
        trace.Add($"certificate: {objection ?? "as it should be"}");
        return objection is null
            ? $"{where} showed the challenge's certificate."
            : throw new ValidationFailedException(AcmeProblemType.IncorrectResponse, $"The certificate that {where} showed is not the challenge's: {objection}.");
    }

    private static async Task ShakeHandsAsync(SslStream tls, string serverName, ValidationTrace trace, CancellationToken ct)
    {
        var options = UncheckedTls.OptionsFor(serverName);
        options.ApplicationProtocols = [Protocol];
        try
        {
            await tls.AuthenticateAsClientAsync(options, ct);
            trace.Add($"TLS with server name {serverName}: {tls.SslProtocol}, ALPN {(tls.NegotiatedApplicationProtocol == Protocol ? "acme-tls/1" : "not acme-tls/1")}");
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            trace.Add($"TLS with server name {serverName}: failed");
            throw new ValidationFailedException(AcmeProblemType.Tls,
                $"No TLS connection came about with the server name {serverName} and the protocol acme-tls/1 (ALPN). Check that the server knows of the challenge and speaks TLS 1.2 or 1.3.");
        }
    }

    /// <summary>An address is no server name (RFC 6066): its reverse name stands for it (RFC 8738 6).</summary>
    private static string ServerNameFor(AcmeIdentifier identifier) => identifier.Type switch
    {
        AcmeIdentifierType.Dns => identifier.Value,
        AcmeIdentifierType.Ip => ReverseName.Of(IPAddress.Parse(identifier.Value)),
    };
}
