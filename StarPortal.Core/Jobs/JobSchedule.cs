using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Quartz;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Jobs;

/// <summary>All jobs with the schedule that is in force. Made at start: a schedule that can't be read, or one for no job, stops the start.</summary>
public sealed class JobSchedule
{
    private const string Off = "off";

    private readonly Dictionary<string, ScheduledJob> byName = new(StringComparer.Ordinal);

    public JobSchedule(IServiceProvider services, IConfiguration configuration)
    {
        var settings = configuration.GetSection(JobOptions.Section).Get<Dictionary<string, JobOptions>>() ?? [];
        List<string> problems = [];
        foreach (var registration in services.GetServices<JobRegistration>())
        {
            var job = (IPortalJob)services.GetRequiredService(registration.Type);
            var own = settings.GetValueOrDefault(job.Name)?.Cron;
            if (TryRead(own ?? registration.DefaultCron, out var cron)) byName.Add(job.Name, new ScheduledJob(job, cron, own is not null));
            else problems.Add($"Jobs:{job.Name}:Cron is not a schedule (second minute hour day month weekday, or '{Off}'): {own ?? registration.DefaultCron}");
        }

        problems.AddRange(settings.Keys.Where(name => !byName.ContainsKey(name) && problems.Count == 0)
            .Select(name => $"Jobs:{name} names no job. Known: {string.Join(", ", byName.Keys.Order(StringComparer.Ordinal))}"));
        if (problems.Count > 0) throw new OptionsValidationException(JobOptions.Section, typeof(JobOptions), problems);
    }

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<ScheduledJob> All => [.. byName.Values.OrderBy(job => job.Name, StringComparer.Ordinal)];

    /// <exception cref="ServiceException">NotFound.</exception>
    public ScheduledJob Get(string name) => byName.GetValueOrDefault(name) ?? throw JobErrors.NotFound(name);

    private static bool TryRead(string text, out CronExpression? cron)
    {
        cron = null;
        if (string.Equals(text.Trim(), Off, StringComparison.OrdinalIgnoreCase)) return true;
        if (!CronExpression.TryParse(text, out var parsed)) return false;
        cron = parsed.WithTimeZone(TimeZoneInfo.Utc);
        return true;
    }
}
