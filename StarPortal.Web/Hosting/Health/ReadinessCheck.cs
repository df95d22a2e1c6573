namespace StarPortal.Web.Hosting.Health;

/// <summary>One thing that has to work before this node should get requests.</summary>
/// <param name="Name">A word for machines.</param>
/// <param name="Check">Returns what is wrong, or null; an exception counts as wrong.</param>
public sealed record ReadinessCheck(string Name, Func<CancellationToken, Task<string?>> Check);
