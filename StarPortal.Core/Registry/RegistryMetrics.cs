using System.Diagnostics.Metrics;

namespace StarPortal.Core.Registry;

/// <summary>Meter <c>StarPortal.Registry</c>: what machines ask, and how the outside registry takes what it is told.</summary>
public sealed class RegistryMetrics
{
    private readonly Counter<long> answers;
    private readonly Counter<long> tellings;

    public RegistryMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("StarPortal.Registry");
        answers = meter.CreateCounter<long>("starportal.registry.answers", "{request}", "Questions of machines, by outcome");
        tellings = meter.CreateCounter<long>("starportal.registry.tellings", "{request}", "What the outside registry was told, by verb and outcome: ok, refused or away");
    }

    internal void CountAnswer(string outcome) => answers.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    internal void CountTelling(OutsideVerb verb, string outcome) => tellings.Add(1, new("verb", OutsideTelling.NameOf(verb)), new("outcome", outcome));
}
