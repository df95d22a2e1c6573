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
    public async Task<DnsAnswer> AskAsync(DnsName name, DnsRecordType type, CancellationToken ct)
    {
        var aliases = 0;
        while (true)
        {
            var question = new DnsQuestion(name, type);
            var (message, trouble) = await AskServersAsync(question, ct);
            if (message is null) return new DnsAnswer(DnsAnswerKind.Failed, name, [], trouble);

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
        }
    }

    private async Task<(DnsMessage? Answer, string Trouble)> AskServersAsync(DnsQuestion question, CancellationToken ct)
    {
        var list = await servers.GetAsync(ct);
        var trouble = "no DNS server is known";
        for (var attempt = 0; attempt < options.Value.Dns.Rounds * list.Count; attempt++)
        {
            var index = (Volatile.Read(ref preferred) + attempt) % list.Count;
            (var answer, trouble) = await AskServerAsync(list[index], question, ct);
            if (answer is null)
            {
                LogTrouble(list[index], trouble);
                continue;
            }

            Volatile.Write(ref preferred, index);
            return (answer, "");
        }

        return (null, trouble);
    }

    private async Task<(DnsMessage? Answer, string Trouble)> AskServerAsync(IPEndPoint server, DnsQuestion question, CancellationToken ct)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(ct);
        bound.CancelAfter(options.Value.Dns.Timeout);
        try
        {
            var message = await DnsExchange.AskAsync(server, question, bound.Token);
            return message.ResponseCode is DnsResponseCode.NoError or DnsResponseCode.NameError ? (message, "") : (null, $"the DNS server answered {NameOf(message.ResponseCode)}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, "the DNS server did not answer in time");
        }
        catch (DnsFormatException)
        {
            return (null, "the DNS server sent an answer that cannot be read");
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return (null, "the DNS server was not reached");
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
}
