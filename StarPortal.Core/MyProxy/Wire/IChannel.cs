namespace StarPortal.Core.MyProxy;

/// <summary>Bytes to and from a client: the border of the process.</summary>
internal interface IChannel
{
    /// <returns>How many bytes came; 0: nothing more comes.</returns>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct);

    /// <summary>Sends a message as one.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> message, CancellationToken ct);
}
