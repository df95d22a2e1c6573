namespace StarPortal.Core.Authority;

public enum FindingSeverity
{
    /// <summary>Can't be issued.</summary>
    Block,

    /// <summary>An officer has to tick that this was seen and is meant.</summary>
    Acknowledge,

    Inform,
}

/// <summary>Something that the checks found in what would be issued.</summary>
/// <param name="Code">Stable, such as <c>key.rsa-too-small</c>: what <c>LintSeverities</c> of a profile refers to.</param>
/// <param name="Severity">What follows from it; a profile may change it.</param>
/// <param name="Message">One or two sentences for the person who asked.</param>
/// <param name="Field">The form property that it belongs beside; null when it concerns the whole.</param>
public sealed record Finding(string Code, FindingSeverity Severity, string Message, string? Field = null);
