namespace StarPortal.Benchmarks.MyProxy;

internal sealed record MyProxyPlan(TimeSpan Length, int Rounds, int Concurrency, int Users, int Idle, string? Postgres, TimeSpan Hold);
