using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.Acme;

/// <summary>
/// A stub resolver for validation. It keeps nothing: a validation has to see what is published now. Servers are asked in turn, starting
/// with the one that answered last; SERVFAIL, REFUSED, garbage and silence make it ask the next, NXDOMAIN and an empty answer are answers.
/// </summary>
public sealed partial class DnsResolver(DnsServerList servers, IOptions<AcmeOptions> options, ILogger<DnsResolver> logger)
{
    private int preferred;

    /// <summary>Asks for records of a name, following its aliases (RFC 1034 5.3.3). Does not throw for anything that a server does.</summary>
    public async Task<DnsAnswer> AskAsync(DnsName name, DnsRecordType type, CancellationToken ct) => (await AskAsync([new DnsQuestion(name, type)], ct))[0];

    /// <summary>As above, questions that belong together.</summary>
    public async Task<DnsAnswer[]> AskAsync(IReadOnlyList<DnsQuestion> questions, CancellationToken ct)
    {
        var replies = await AskServersAsync(questions, ct);
        return await Task.WhenAll(replies.Select((reply, i) => FollowAsync(questions[i], reply, ct)));
    }

    private async Task<DnsAnswer> FollowAsync(DnsQuestion question, Reply reply, CancellationToken ct)
    {
        var (name, type) = question;
        var aliases = 0;
        while (true)
        {
            if (reply.Answer is not { } message) return new DnsAnswer(DnsAnswerKind.Failed, name, [], reply.Trouble);

            while (message.Answers.OfType<AliasRecord>().FirstOrDefault(alias => alias.Owner == name && type is not DnsRecordType.Alias) is { } alias)
            {
                if (++aliases > options.Value.Dns.MaxAliases)
                    return new DnsAnswer(DnsAnswerKind.Failed, name, [], $"its aliases (CNAME) go on for more than {options.Value.Dns.MaxAliases} steps, perhaps in a circle");
                name = alias.Target;
            }

            DnsRecord[] records = [.. message.Answers.Where(record => record.Type == type && record.Owner == name)];
            if (records.Length > 0) return new DnsAnswer(DnsAnswerKind.Found, name, records);
            if (message.ResponseCode is DnsResponseCode.NameError) return new DnsAnswer(DnsAnswerKind.NoSuchName, name, []);
            if (name == question.Name) return new DnsAnswer(DnsAnswerKind.NoRecords, name, []);
            question = new DnsQuestion(name, type);
            reply = (await AskServersAsync([question], ct))[0];
        }
    }

    private async Task<Reply[]> AskServersAsync(IReadOnlyList<DnsQuestion> questions, CancellationToken ct)
    {
        var list = await servers.GetAsync(ct);
        var replies = new Reply[questions.Count];
        Array.Fill(replies, new Reply(null, "no DNS server is known"));
        for (var attempt = 0; attempt < options.Value.Dns.Rounds * list.Count; attempt++)
        {
            int[] open = [.. Enumerable.Range(0, replies.Length).Where(i => replies[i].Answer is null)];
            if (open.Length == 0) break;
            var index = (Volatile.Read(ref preferred) + attempt) % list.Count;
            var received = await AskServerAsync(list[index], [.. open.Select(i => questions[i])], ct);
            for (var i = 0; i < open.Length; i++) replies[open[i]] = received[i];
            if (Array.Find(received, reply => reply.Answer is null) is { } failed) LogTrouble(list[index], failed.Trouble);
            else Volatile.Write(ref preferred, index);
        }

        return replies;
    }

    private async Task<Reply[]> AskServerAsync(IPEndPoint server, IReadOnlyList<DnsQuestion> questions, CancellationToken ct)
    {
        var exchange = new DnsExchange(server, questions);
        var trouble = await FindTroubleAsync(exchange, ct);
        return [.. Enumerable.Range(0, questions.Count).Select(i => exchange.AnswerTo(i) switch
        {
            null => new Reply(null, trouble),
            { ResponseCode: DnsResponseCode.NoError or DnsResponseCode.NameError } answer => new Reply(answer, ""),
            var refusal => new Reply(null, $"the DNS server answered {NameOf(refusal.ResponseCode)}"),
        })];
    }

    /// <returns>Why not every question was answered; empty when all were.</returns>
    private async Task<string> FindTroubleAsync(DnsExchange exchange, CancellationToken ct)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(ct);
        bound.CancelAfter(options.Value.Dns.Timeout);
        try
        {
            await exchange.RunAsync(bound.Token);
            return "";
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return "the DNS server did not answer in time";
        }
        catch (DnsFormatException)
        {
            return "the DNS server sent an answer that cannot be read";
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return "the DNS server was not reached";
        }
    }

    private static string NameOf(DnsResponseCode code) => code switch
    {
        DnsResponseCode.NoError => "NOERROR",
        DnsResponseCode.FormatError => "FORMERR",
        DnsResponseCode.ServerFailure => "SERVFAIL",
        DnsResponseCode.NameError => "NXDOMAIN",
        DnsResponseCode.NotImplemented => "NOTIMP",
        DnsResponseCode.Refused => "REFUSED",
        _ => $"with code {(int)code}", // The code is a number of the wire: every other is possible.
    };

    [LoggerMessage(Level = LogLevel.Debug, Message = "DNS server {Server}: {Trouble}")]
    private partial void LogTrouble(IPEndPoint server, string trouble);

    /// <param name="Trouble">Why there is no answer.</param>
    private sealed record Reply(DnsMessage? Answer, string Trouble);
}
