namespace StarPortal.Benchmarks.Seeding;

/// <summary>How much the database shall hold.</summary>
/// <param name="Certificates">End-entity certificates, really signed; issued evenly over <see cref="Span"/>, so that about a fifth has expired.</param>
/// <param name="Requests">A tenth of them open.</param>
/// <param name="Organisations">Beside the demo's.</param>
/// <param name="OfficersEach">Officers in each of them.</param>
internal sealed record SeedPlan(int Certificates, int Requests, int Organisations, int OfficersEach)
{
    /// <summary>How far the past reaches: a person's certificate lasts 395 days.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromDays(500);

    /// <summary>Everybody has had two or three certificates.</summary>
    public int People => Math.Max(1, Certificates * 2 / 5);
}
