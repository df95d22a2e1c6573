namespace StarPortal.Core.Acme;

/// <summary>A part of an error that concerns one identifier (RFC 8555 6.7.1).</summary>
public sealed record AcmeSubproblem(AcmeProblemType Type, string Detail, AcmeIdentifier? Identifier);

/// <summary>A <c>Link</c> header of an answer.</summary>
public sealed record AcmeLink(string Url, string Relation);

/// <summary>
/// What an ACME request is refused with. Made by the factories of <see cref="AcmeErrors"/> (and those of each sub-folder); the one translator is
/// <see cref="AcmeAnswers"/>. <see cref="Exception.Message"/> becomes the problem's detail: safe to show to whoever asked.
/// </summary>
/// <param name="status">Default: the type's own.</param>
public sealed class AcmeException(AcmeProblemType type, string detail, int? status = null) : Exception(detail)
{
    public AcmeProblemType Type { get; } = type;

    public int Status { get; } = status ?? type.DefaultStatus;

    public IReadOnlyList<AcmeSubproblem> Subproblems { get; init; } = [];

    /// <summary>When the same request may succeed.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A page for people: what to do there (RFC 8555 7.3.3, RFC 7807 3.1).</summary>
    public string? Instance { get; init; }

    /// <summary>The signature algorithms that would do (RFC 8555 6.2); only for badSignatureAlgorithm.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = [];

    public IReadOnlyList<AcmeLink> Links { get; init; } = [];

    /// <summary>The resource that stands in the way, such as the account that has the key already (RFC 8555 7.3.5).</summary>
    public string? Location { get; init; }
}
