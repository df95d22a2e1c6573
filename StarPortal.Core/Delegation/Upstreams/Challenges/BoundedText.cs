using System.Text;

namespace StarPortal.Core.Delegation;

/// <summary>What a program writes: the first characters are kept, the rest is read and dropped, so that it never waits for us.</summary>
internal sealed class BoundedText(int length)
{
    private readonly StringBuilder kept = new();

    public async Task ReadAsync(StreamReader from, CancellationToken ct)
    {
        var buffer = new char[1024];
        while (await from.ReadAsync(buffer, ct) is > 0 and var count) Keep(buffer.AsSpan(0, count));
    }

    /// <summary>As the end of a sentence; empty when nothing was written.</summary>
    public override string ToString()
    {
        lock (kept) return kept.Length == 0 ? "" : $", having said: {kept.ToString().Trim()}";
    }

    private void Keep(ReadOnlySpan<char> text)
    {
        lock (kept)
        {
            foreach (var character in text[..Math.Min(text.Length, length - kept.Length)]) kept.Append(char.IsControl(character) || char.IsSurrogate(character) ? ' ' : character);
        }
    }
}
