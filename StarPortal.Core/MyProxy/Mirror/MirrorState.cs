namespace StarPortal.Core.MyProxy;

/// <summary>What the other side is.</summary>
public enum MirrorKind
{
    /// <summary>A genuine server's storage directory, which we write.</summary>
    Directory,

    /// <summary>A portal that gets our copies.</summary>
    Site,

    /// <summary>A portal whose copies we take.</summary>
    Source,
}

/// <summary>How it stands with one other side.</summary>
public sealed class MirrorState
{
    public const int MaxProblems = 4_000;

    private const int MostLines = 20;

    private MirrorState()
    {
    }

    public MirrorKind Kind { get; private set; }

    /// <summary>As configured; of the directory: <c>directory</c>.</summary>
    public string Name { get; private set; } = "";

    /// <summary>When it was first tried, or heard of.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <summary>When the last run ended, well or badly; of a source: when it last asked what is here.</summary>
    public DateTimeOffset? LastRunAt { get; private set; }

    /// <summary>When the two sides were last seen to be the same.</summary>
    public DateTimeOffset? InStepAt { get; private set; }

    /// <summary>Credentials that are to be there.</summary>
    public int Held { get; private set; }

    /// <summary>In the last run.</summary>
    public int Sent { get; private set; }

    /// <summary>In the last run.</summary>
    public int Removed { get; private set; }

    /// <summary>Credentials that differ still.</summary>
    public int Differing { get; private set; }

    /// <summary>Why the last run did not end; null: it did.</summary>
    public string? Error { get; private set; }

    /// <summary>A line for each credential that differs, and why; the first twenty.</summary>
    public string Problems { get; private set; } = "";

    internal static MirrorState New(MirrorKind kind, string name, DateTimeOffset now) => new() { Kind = kind, Name = name, Since = now };

    internal void Finish(MirrorReport report, DateTimeOffset now)
    {
        (LastRunAt, Error) = (now, null);
        (Held, Sent, Removed, Differing) = (report.Held, report.Sent, report.Removed, report.Problems.Count);
        if (Differing == 0) InStepAt = now;
        Problems = Short(string.Join('\n', report.Problems.Take(MostLines)), MaxProblems);
    }

    internal void Fail(string error, DateTimeOffset now) => (LastRunAt, Error) = (now, Short(error, 1000));

    internal void Hear(DateTimeOffset now) => LastRunAt = now;

    private static string Short(string text, int limit) => text.Length > limit ? text[..limit] : text;
}
