using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

public enum RequestMessageKind
{
    /// <summary>From an officer: the request is on hold until it is answered.</summary>
    Question,

    /// <summary>From the person who asks.</summary>
    Answer,
}

/// <summary>One entry of the conversation between the officers and the person who asks.</summary>
public sealed class RequestMessage
{
    public const int MaxLength = 2000;

    private RequestMessage()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    public Guid RequestId { get; private set; }

    public RequestMessageKind Kind { get; private set; }

    /// <summary>The officer's account for a question, the requester's for an answer.</summary>
    public Guid AuthorId { get; private set; }

    public string Text { get; private set; } = "";

    public DateTimeOffset At { get; private set; }

    internal static RequestMessage Of(Guid requestId, RequestMessageKind kind, Guid authorId, string text, DateTimeOffset now) => new()
    {
        RequestId = requestId, Kind = kind, AuthorId = authorId, Text = RequestText.Required(text, MaxLength, kind.ToString()), At = now,
    };
}
