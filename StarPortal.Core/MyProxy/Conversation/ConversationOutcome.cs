namespace StarPortal.Core.MyProxy;

/// <summary>How a conversation ended.</summary>
internal enum ConversationOutcome
{
    Done,

    /// <summary>The client got ERROR lines.</summary>
    Refused,

    /// <summary>The client went away, before it asked for anything (a bootstrap) or in the middle.</summary>
    Left,

    /// <summary>Our own mistake.</summary>
    Failed,
}
