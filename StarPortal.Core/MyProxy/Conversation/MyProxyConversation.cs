using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>One client's conversation from the request on: parse, act by the table until it is over, and say what went wrong.</summary>
internal sealed partial class MyProxyConversation(ConversationTable table, MyProxyMetrics metrics, ILogger<MyProxyConversation> logger)
{
    /// <param name="onRequest">Told what is asked as soon as it is known.</param>
    public async Task<ConversationOutcome> RunAsync(IChannel channel, MessageReader reader, MyProxyPeer peer, Action<MyProxyRequest> onRequest, CancellationToken ct)
    {
        var startedAt = Stopwatch.GetTimestamp();
        MyProxyCommand? command = null;
        var outcome = await GuardAsync(channel, peer, async () =>
        {
            using var request = await ReadAsync(reader, ct);
            if (request is null) return ConversationOutcome.Left;
            command = request.Command;
            onRequest(request);
            using var exchange = new Exchange(channel, reader, request, peer.Client);
            for (var state = ConversationState.Asked; state is not ConversationState.Over;) state = await table.ActAsync(state, exchange, ct);
            return ConversationOutcome.Done;
        }, ct);
        metrics.CountConversation(command, outcome, startedAt);
        return outcome;
    }

    /// <returns>Null: the client wants nothing, as the first connection of a bootstrap.</returns>
    private static async Task<MyProxyRequest?> ReadAsync(MessageReader reader, CancellationToken ct)
    {
        var text = await reader.ReadRequestAsync(ct);
        try
        {
            return text.Length == 0 ? null : RequestParser.Parse(text);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>The one translator of this door: what is expected becomes ERROR lines, what is not says nothing outside.</summary>
    private async Task<ConversationOutcome> GuardAsync(IChannel channel, MyProxyPeer peer, Func<Task<ConversationOutcome>> converse, CancellationToken ct)
    {
        try
        {
            return await converse();
        }
        catch (ServiceException refused)
        {
            var objection = peer.Objection is null ? "" : $"\nThe client's certificate was not accepted: {peer.Objection}";
            await TrySendAsync(channel, ReplyWriter.Error(refused.Message + objection), ct);
            return ConversationOutcome.Refused;
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
        {
            return ConversationOutcome.Left;
        }
#pragma warning disable CA1031 // The process serves others too, whatever one of them has brought about.
        catch (Exception error)
        {
            LogFailed(error);
            await TrySendAsync(channel, ReplyWriter.Error("The server could not do this. Its log says why."), ct);
            return ConversationOutcome.Failed;
        }
#pragma warning restore CA1031
    }

    private static async Task TrySendAsync(IChannel channel, byte[] reply, CancellationToken ct)
    {
        try
        {
            await channel.WriteAsync(reply, ct);
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ServiceException)
        {
            // Nobody is there to be told.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A MyProxy conversation failed unexpectedly")]
    private partial void LogFailed(Exception error);
}
