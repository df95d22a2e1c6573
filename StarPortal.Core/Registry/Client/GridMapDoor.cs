using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Star;

namespace StarPortal.Core.Registry;

/// <summary>The portal's grid-mapfile of a resource, seen from the resource's machine.</summary>
/// <param name="portal">https, or on this machine.</param>
/// <param name="roots">What the portal's certificate is verified by; null: the system's.</param>
public sealed class GridMapDoor(Uri portal, string resource, string token, X509Certificate2Collection? roots) : IDisposable
{
    private const int MaxLength = 64 << 20;

    private readonly BoundedHttp http = new(portal, roots, new FetchLimits { MaxBodyBytes = MaxLength });

    private Uri Url => new($"{portal.GetLeftPart(UriPartial.Path).TrimEnd('/')}/api/v1/registry/resources/{Uri.EscapeDataString(resource)}/grid-mapfile");

    public void Dispose() => http.Dispose();

    /// <param name="present">What is in place.</param>
    /// <returns>The file, whole; null: it is as what is in place.</returns>
    /// <exception cref="FetchFailedException">Refused, no answer, or one that is not whole.</exception>
    public Task<byte[]?> GetAsync(byte[]? present, CancellationToken ct) => http.AskAsync<byte[]?>(async limited =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (present is not null) request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(TagOf(present)));
        using var response = await http.SendAsync(request, "registry", limited);
        return (int)response.StatusCode switch
        {
            304 when present is not null => null,
            200 => await ReadAsync(response, limited),
            401 => throw new FetchFailedException("The portal does not take the token: it is wrong or was revoked."),
            404 => throw new FetchFailedException("The portal has no grid-mapfile of this resource for this token."),
            var status => throw new FetchFailedException($"The portal answers {status}."),
        };
    }, ct);

    private async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var body = await http.ReadAsync(response, ct);
        return response.Headers.ETag?.Tag == TagOf(body) ? body : throw new FetchFailedException("The grid-mapfile did not come whole: its ETag is not the SHA-256 of it.");
    }

    private static string TagOf(byte[] octets) => $"\"{Convert.ToHexStringLower(SHA256.HashData(octets))}\"";
}
