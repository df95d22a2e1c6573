using System.Text.Json;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>The outside registry: told of changes, and asked whom it has.</summary>
public sealed class OutsideRegistry(OutsideHttp http)
{
    private const int MaxPages = 1_000;
    private const int MaxText = 3_000;

    /// <summary>Whom it removes and does not know is gone.</summary>
    /// <exception cref="ServiceException">Unavailable: no answer, or not now; Conflict: it refuses this.</exception>
    internal async Task TellAsync(string key, OutsideTelling telling, CancellationToken ct)
    {
        var answer = await http.SendAsync("", JsonSerializer.SerializeToUtf8Bytes(telling, JsonSerializerOptions.Web), key, ct);
        var isGone = answer.Status is 404 or 410 && OutsideTelling.VerbOf(telling.Verb) is OutsideVerb.Remove;
        if (!answer.IsOk && !isGone) throw Refusal(answer.Status);
    }

    /// <returns>Everybody it has, whatever their state there.</returns>
    /// <exception cref="ServiceException">Unavailable; Conflict: its answer is no list.</exception>
    internal async Task<IReadOnlyList<OutsidePerson>> ListAsync(CancellationToken ct)
    {
        List<OutsidePerson> people = [];
        var (after, pages) = ((string?)null, 0);
        do
        {
            var answer = await http.SendAsync(after is null ? "" : $"?after={Uri.EscapeDataString(after)}", null, null, ct);
            if (!answer.IsOk) throw Refusal(answer.Status);
            var (page, next) = Read(answer.Body);
            people.AddRange(page);
            if (next is not null && (next == after || ++pages == MaxPages)) throw Nonsense("it does not come to an end");
            after = next;
        }
        while (after is not null);
        return people;
    }

    private static (IReadOnlyList<OutsidePerson> People, string? Next) Read(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var people = json.RootElement.GetProperty("people").EnumerateArray().Select(person => new OutsidePerson(Text(person, "person"), Text(person, "user"), Text(person, "dn"), Text(person, "state"))).ToList();
            if (people.Exists(person => person.Person.Length is 0 or > OutsideTelling.MaxPerson || person.Person.Any(each => !char.IsAsciiLetterOrDigit(each) && each is not ('.' or '_' or '-' or '@')))) throw Nonsense("a person has no id of letters and digits");
            return (people, json.RootElement.TryGetProperty("next", out var next) && next.ValueKind is JsonValueKind.String ? next.GetString() : null);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw Nonsense("it is not the JSON of docs/registry.md");
        }
    }

    private static string Text(JsonElement person, string name)
    {
        var text = person.GetProperty(name).GetString() ?? "";
        return text.Length <= MaxText ? text : text[..MaxText];
    }

    /// <summary>What an administrator there can put right is tried again as well: nothing is lost.</summary>
    private static ServiceException Refusal(int status) => status is 408 or 425 or 429 or >= 500
        ? OutsideTelling.Away($"it answers {status}.")
        : new(ErrorKind.Conflict, $"The outside registry refuses: it answers {status}.");

    private static ServiceException Nonsense(string what) => new(ErrorKind.Conflict, $"The outside registry's list can't be read: {what}.");
}
