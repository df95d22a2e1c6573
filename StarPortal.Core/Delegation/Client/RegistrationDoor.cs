using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>The owner's portal, seen from a consumer's machine: <c>POST /star/registration</c> and the completion URL. Follows no redirects.</summary>
public sealed class RegistrationDoor : IDisposable
{
    private readonly BoundedHttp http;
    private readonly RegistrationReader reader;
    private readonly ConsumerSecret secret;
    private readonly TimeProvider clock;
    private readonly Uri url;

    /// <param name="portal">https, or on this machine.</param>
    /// <param name="roots">What the portal's certificate is verified by; null: the system's.</param>
    public RegistrationDoor(Uri portal, System.Security.Cryptography.X509Certificates.X509Certificate2Collection? roots, ConsumerSecret secret, TimeProvider clock)
    {
        url = new Uri($"{portal.GetLeftPart(UriPartial.Path).TrimEnd('/')}/star/registration");
        (http, reader, this.secret, this.clock) = (new BoundedHttp(url, roots, new FetchLimits()), new RegistrationReader(url), secret, clock);
    }

    /// <exception cref="FetchFailedException">No answer.</exception>
    public Task<RegistrationAnswer> RegisterAsync(AskedRegistration asked, string idempotencyKey, CancellationToken ct) => AskAsync(() =>
    {
        var body = new JsonObject { ["csr"] = System.Security.Cryptography.PemEncoding.WriteString("CERTIFICATE REQUEST", asked.Csr), ["lifetime"] = asked.Lifetime, ["validity"] = asked.Validity };
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body.ToJsonString(), MediaTypeHeaderValue.Parse("application/json")) };
        request.Headers.Add("Idempotency-Key", idempotencyKey);
        return request;
    }, completion: null, ct);

    /// <exception cref="FetchFailedException">No answer.</exception>
    public Task<RegistrationAnswer> FollowAsync(Uri completion, CancellationToken ct) => AskAsync(() => new HttpRequestMessage(HttpMethod.Get, completion), completion, ct);

    public void Dispose() => http.Dispose();

    private Task<RegistrationAnswer> AskAsync(Func<HttpRequestMessage> make, Uri? completion, CancellationToken ct) => http.AskAsync(async limited =>
    {
        using var request = make();
        request.Headers.Authorization = secret.Header;
        using var response = await http.SendAsync(request, "star-register", limited);
        return reader.Read((int)response.StatusCode, completion ?? response.Headers.Location, AnswerHints.Of(response, clock.GetUtcNow()), await http.ReadAsync(response, limited));
    }, ct);
}
