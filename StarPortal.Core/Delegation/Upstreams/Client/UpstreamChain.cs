using System.Text;

namespace StarPortal.Core.Delegation;

/// <summary>What the upstream sent as certificate, not looked into yet: <see cref="CertificateCheck"/> does.</summary>
/// <param name="Pem">RFC 8555 9.1.</param>
/// <param name="Alternates">The same certificate with other issuers (7.4.2).</param>
public sealed record UpstreamChain(string Pem, IReadOnlyList<Uri> Alternates)
{
    internal const string MediaType = "application/pem-certificate-chain";

    private const int MaxAlternates = 10;

    internal static UpstreamChain Of(UpstreamAnswer answer, UpstreamUrls urls)
    {
        if (answer.MediaType != MediaType) throw UpstreamErrors.Nonsense($"the certificate is not {MediaType}{(answer.MediaType is null ? "" : $" but {Star.PlainText.Of(answer.MediaType)}")}.");
        return new(Encoding.Latin1.GetString(answer.Body), [.. answer.Links.SelectMany(WebLinks.Split).Select(WebLinks.FindAlternate).OfType<string>().Take(MaxAlternates).Select(link => urls.Require(answer.Url, link, "an alternate chain's URL"))]);
    }
}
