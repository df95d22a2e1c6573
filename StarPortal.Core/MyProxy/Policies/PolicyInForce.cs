namespace StarPortal.Core.MyProxy;

/// <summary>One list of the server's policies, for administrators to read.</summary>
/// <param name="Name">The genuine server's.</param>
/// <param name="Meaning">What those whom it fits may do.</param>
/// <param name="Patterns">As configured, or the default; empty: it fits nobody.</param>
public sealed record PolicyInForce(string Name, string Meaning, IReadOnlyList<string> Patterns);
