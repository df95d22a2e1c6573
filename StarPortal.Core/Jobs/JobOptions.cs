namespace StarPortal.Core.Jobs;

/// <summary>Section <c>Jobs:{name}</c>.</summary>
public sealed class JobOptions
{
    public const string Section = "Jobs";

    /// <summary>Quartz's form with seconds, UTC, such as <c>0 30 2 * * ?</c>; <c>off</c>: only when somebody starts it.</summary>
    public string? Cron { get; set; }
}
