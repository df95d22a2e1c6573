namespace StarPortal.Core.Shared;

/// <summary>What went wrong, as far as a caller may know. Each door maps it to its protocol's own answer.</summary>
public enum ErrorKind
{
    /// <summary>The input is malformed or breaks a rule (HTTP 400).</summary>
    Invalid,

    /// <summary>Nobody is signed in, or the proof given is wrong (HTTP 401).</summary>
    Unauthenticated,

    /// <summary>Known, but not allowed (HTTP 403).</summary>
    Forbidden,

    /// <summary>No such object, or none that this caller may see (HTTP 404).</summary>
    NotFound,

    /// <summary>The object is in a state in which this can't be done (HTTP 409).</summary>
    Conflict,

    /// <summary>A link or object that has been used up or has run out (HTTP 410).</summary>
    Gone,

    /// <summary>A limit on whatever grows was reached (HTTP 429).</summary>
    TooMany,

    /// <summary>Something that this needs does not answer now (HTTP 503).</summary>
    Unavailable,
}
