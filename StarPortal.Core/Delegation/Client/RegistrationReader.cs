using System.Text.Json;
using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>Reads answers of <c>/star/registration</c>. Pure.</summary>
/// <param name="portal">Where the registration was sent: the credential goes nowhere else.</param>
internal sealed class RegistrationReader(Uri portal)
{
    /// <param name="completion">Where a pending registration is asked after; null: the answer does not say.</param>
    public RegistrationAnswer Read(int status, Uri? completion, AnswerHints hints, byte[] body) => status switch
    {
        200 or 201 => ReadState(completion, hints, body),
        408 or 425 or 429 or >= 500 => new RegistrationAnswer.Later($"The portal answers {status}{Detail(body)}", hints.RetryAfter),
        _ => new RegistrationAnswer.Failed($"The portal answers {status}{Detail(body)}"),
    };

    private RegistrationAnswer ReadState(Uri? completion, AnswerHints hints, byte[] body) => Text(body, "status") switch
    {
        "valid" when Uri.TryCreate(Text(body, "certificates"), UriKind.Absolute, out var url) && StarUrl.IsAllowed(url) => new RegistrationAnswer.Valid(url),
        "failed" => new RegistrationAnswer.Failed($"The registration has failed: {PlainText.Of(Text(body, "reason") ?? "no reason is given.")}"),
        "pending" when completion is { IsAbsoluteUri: true } url => IsOfPortal(url)
            ? new RegistrationAnswer.Pending(url, hints.RetryAfter)
            : new RegistrationAnswer.Failed($"The portal says that it is at {PlainText.Of(url.GetLeftPart(UriPartial.Authority))}: give that as its URL."),
        _ => new RegistrationAnswer.Failed("The answer is none of a portal's: is the URL right?"),
    };

    private bool IsOfPortal(Uri url) => Uri.Compare(url, portal, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static string Detail(byte[] body) => Text(body, "detail") is { Length: > 0 } detail ? $": {PlainText.Of(detail)}" : ".";

    private static string? Text(byte[] body, string member)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind is JsonValueKind.Object && document.RootElement.TryGetProperty(member, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
