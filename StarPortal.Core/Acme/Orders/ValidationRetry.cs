using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.Acme;

/// <summary>How often and how long a challenge is tried.</summary>
public sealed partial class ValidationRetry(IOptions<AcmeOptions> options, TimeProvider clock, ILogger<ValidationRetry> logger)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Of one attempt, whatever the other side does.</summary>
    public TimeSpan MaxDuration => options.Value.ValidationTimeout;

    public TimeSpan ValidFor => options.Value.AuthorizationLifetime > TimeSpan.FromHours(1) ? options.Value.AuthorizationLifetime : TimeSpan.FromHours(1);

    /// <returns>When the next attempt is due, each wait twice as long as the one before; null when that was the last.</returns>
    public DateTimeOffset? NextAfter(int attempts, DateTimeOffset now) =>
        attempts < options.Value.ValidationAttempts ? now + (options.Value.ValidationRetryDelay * (1 << Math.Min(attempts - 1, 10))) : null;

    [LoggerMessage(Level = LogLevel.Error, Message = "The validation of {Identifier} failed unexpectedly")]
    internal partial void LogFailed(Exception error, string identifier);
}
