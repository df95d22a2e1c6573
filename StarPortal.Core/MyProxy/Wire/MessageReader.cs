using System.Security.Cryptography;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// Puts a client's messages together, however TLS cut them: a text ends at its NUL, binary by the lengths in it. What came too early is kept for the next message.
/// Disposing wipes what was read.
/// </summary>
internal sealed class MessageReader(IChannel channel, TimeSpan gap) : IDisposable
{
    public const int MaxTextLength = 64 * 1024;
    public const int MaxSigningRequestLength = 16 * 1024;
    public const int MaxCertificates = 10;
    public const int MaxCertificateLength = 32 * 1024;

    private byte[] buffer = new byte[2 * 1024];
    private int start;
    private int end;

    private ReadOnlySpan<byte> Waiting => buffer.AsSpan(start, end - start);

    /// <exception cref="ServiceException">Invalid: the client is gone.</exception>
    public async ValueTask<byte> ReadByteAsync(CancellationToken ct)
    {
        await NeedAsync(1, ct);
        return buffer[start++];
    }

    /// <returns>Null: the client is done.</returns>
    public async ValueTask<byte?> TryReadByteAsync(CancellationToken ct) => start < end || await FillAsync(ct) ? buffer[start++] : null;

    public async ValueTask<byte[]> ReadBytesAsync(int count, CancellationToken ct)
    {
        await NeedAsync(count, ct);
        return Take(count, skip: 0);
    }

    /// <summary>
    /// A request. Some clients send no NUL: then it is whole once nothing follows for a moment and its five fields are there, or the client says that it is done. What can't
    /// become a request is not waited for either.
    /// </summary>
    /// <returns>Without the NUL.</returns>
    public async ValueTask<byte[]> ReadRequestAsync(CancellationToken ct)
    {
        while (true)
        {
            var nul = Waiting.IndexOf((byte)0);
            if (nul >= 0) return Take(nul, skip: 1);
            RequireRoom(MaxTextLength);
            var isSilent = start < end && !await FillWithinGapAsync(ct);
            if (isSilent && (RequestFields.MayBeWhole(Waiting) || !RequestFields.MayGoOn(Waiting))) return Take(end - start, skip: 0);
            if ((isSilent || start == end) && !await FillAsync(ct)) return Take(end - start, skip: 0);
        }
    }

    /// <summary>A text of any form that ends in NUL.</summary>
    /// <returns>Without the NUL.</returns>
    public async ValueTask<byte[]> ReadTextAsync(CancellationToken ct)
    {
        int nul;
        while ((nul = Waiting.IndexOf((byte)0)) < 0)
        {
            RequireRoom(MaxTextLength);
            if (!await FillAsync(ct)) throw MyProxyErrors.CutOff();
        }

        return Take(nul, skip: 1);
    }

    /// <returns>A PKCS#10 request, DER, as far as its outer length says.</returns>
    public ValueTask<byte[]> ReadSigningRequestAsync(CancellationToken ct) => ReadDerAsync(MaxSigningRequestLength, MyProxyErrors.NotSigningRequest, ct);

    /// <summary>A count byte and as many certificates.</summary>
    public async ValueTask<IReadOnlyList<byte[]>> ReadChainAsync(CancellationToken ct)
    {
        var count = await ReadByteAsync(ct);
        if (count is 0 or > MaxCertificates) throw MyProxyErrors.NotChain($"A chain has between 1 and {MaxCertificates} certificates.");
        var chain = new List<byte[]>(count);
        while (chain.Count < count) chain.Add(await ReadDerAsync(MaxCertificateLength, () => MyProxyErrors.NotChain("A certificate is not in DER form."), ct));
        return start == end ? chain : throw MyProxyErrors.NotChain("More follows the certificates than their number says.");
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(buffer);

    private async ValueTask<byte[]> ReadDerAsync(int limit, Func<ServiceException> notDer, CancellationToken ct)
    {
        long length;
        bool? isMeasured;
        while ((isMeasured = DerFrame.TryMeasure(Waiting[..Math.Min(Waiting.Length, DerFrame.MaxHeaderLength)], out length)) is null)
        {
            if (!await FillAsync(ct)) throw MyProxyErrors.CutOff();
        }

        if (isMeasured is false) throw notDer();
        if (length > limit) throw MyProxyErrors.TooLarge(limit);
        await NeedAsync((int)length, ct);
        return Take((int)length, skip: 0);
    }

    private async ValueTask NeedAsync(int count, CancellationToken ct)
    {
        while (end - start < count)
        {
            if (!await FillAsync(ct)) throw MyProxyErrors.CutOff();
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken ct)
    {
        if (end == buffer.Length) MakeRoom();
        var count = await channel.ReadAsync(buffer.AsMemory(end), ct);
        end += count;
        return count > 0;
    }

    /// <returns>False also when nothing came for a moment.</returns>
    private async ValueTask<bool> FillWithinGapAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(gap);
        try
        {
            return await FillAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private void RequireRoom(int limit)
    {
        if (end - start >= limit) throw MyProxyErrors.TooLarge(limit);
    }

    private byte[] Take(int count, int skip)
    {
        var taken = buffer.AsSpan(start, count).ToArray();
        buffer.AsSpan(start, count).Clear();
        start += count + skip;
        if (start == end) start = end = 0;
        return taken;
    }

    /// <summary>Moves what waits to the front, into a larger buffer if it takes up half of this one.</summary>
    private void MakeRoom()
    {
        var old = buffer;
        if (Waiting.Length > buffer.Length / 2) buffer = new byte[old.Length * 2];
        var count = end - start;
        old.AsSpan(start, count).CopyTo(buffer);
        CryptographicOperations.ZeroMemory(old == buffer ? buffer.AsSpan(count) : old);
        (start, end) = (0, count);
    }
}
