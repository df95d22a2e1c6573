namespace StarPortal.Core.Star;

public enum PollOutcome
{
    /// <summary>A newer certificate is in its place.</summary>
    Replaced,

    /// <summary>The certificate in hand is the server's.</summary>
    Unchanged,

    /// <summary>Nothing that may replace the certificate in hand; it stays.</summary>
    Failed,

    /// <summary>The order is canceled or over: no other certificate will come.</summary>
    Ended,
}

/// <summary>What one poll came to.</summary>
/// <param name="Text">In plain words, one line.</param>
/// <param name="Held">The certificate that is now in its place; null when there is none.</param>
public sealed record Poll(PollOutcome Outcome, string Text, AnswerHints Hints, CertificateLife? Held);
