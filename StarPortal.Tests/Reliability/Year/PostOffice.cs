using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using StarPortal.Core.Data;
using StarPortal.Core.Mail;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability.Year;

/// <summary>A mail as the world got it; the same Message-ID again is the same mail.</summary>
/// <param name="Arrivals">How often it was handed in.</param>
internal sealed record PostedMail(Guid Id, string To, string Subject, string Text, DateTimeOffset At, int Arrivals);

/// <summary>Every mailbox in the world. Some addresses do not exist any more: their mail is refused for good, and noted beside the rest.</summary>
internal sealed partial class PostOffice
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<Guid, PostedMail>> boxes = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, bool> closed = new(StringComparer.OrdinalIgnoreCase);

    public void Close(string address) => closed[address] = true;

    public IReadOnlyList<PostedMail> Of(string address) => boxes.TryGetValue(address, out var box) ? [.. box.Values.OrderBy(mail => mail.At)] : [];

    public IEnumerable<PostedMail> All => boxes.Values.SelectMany(box => box.Values);

    /// <returns>The token of the newest link to the page in this mailbox, in mails since then; null: there is none, or nobody reads it.</returns>
    public string? FindToken(string address, string page, DateTimeOffset since = default) =>
        closed.ContainsKey(address) ? null : Of(address).Where(mail => mail.At >= since).Select(mail => LinkPattern().Matches(mail.Text).FirstOrDefault(link => link.Groups["page"].Value == page)?.Groups["token"].Value).LastOrDefault(token => token is not null);

    /// <summary>The way to it from one node.</summary>
    public IMailTransport From(NodeLife node, TestClock clock) => new Way(this, node, clock);

    private void Take(Guid id, MailMessage message, DateTimeOffset now)
    {
        boxes.GetOrAdd(message.To, _ => new()).AddOrUpdate(id, _ => new PostedMail(id, message.To, message.Subject, message.Text, now, 1), (_, known) => known with { Arrivals = known.Arrivals + 1 });
        if (closed.ContainsKey(message.To)) throw new OutboxGivenUpException("550 No such user here");
    }

    [GeneratedRegex(@"https?://[^/\s]+/(?<page>[a-z/]+)/(?<token>[A-Za-z0-9_-]{20,})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LinkPattern();

    private sealed class Way(PostOffice office, NodeLife node, TestClock clock) : IMailTransport
    {
        public Task<string> SendAsync(Guid id, MailMessage message, CancellationToken ct)
        {
            node.RequireAlive();
            office.Take(id, message, clock.Now);
            return Task.FromResult("250 OK");
        }
    }
}
