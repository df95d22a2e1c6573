using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

#pragma warning disable MA0047 // The runtime looks for a startup hook by this name, outside any namespace.
/// <summary>
/// Loaded into the real portal process by DOTNET_STARTUP_HOOKS: kills it, as kill -9 would, at the n-th instant that matters to somebody who
/// comes afterwards, counted from when the file named by STARPORTAL_TEST_ARM exists: just before a transaction becomes durable (unless
/// STARPORTAL_TEST_LASTING is set: nothing has happened then), just after it has, after a statement that is a transaction by itself, and after a
/// file has appeared in one of the folders STARPORTAL_TEST_FOLDERS. Instead of a number it may be a part of the instant's description.
/// The product knows nothing of it.
/// </summary>
internal static class StartupHook
#pragma warning restore MA0047
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("STARPORTAL_TEST_KILL_AT") is not { Length: > 0 } killAt) return;
        var killer = new Killer(killAt, Environment.GetEnvironmentVariable("STARPORTAL_TEST_ARM")!, Environment.GetEnvironmentVariable("STARPORTAL_TEST_LASTING") is { Length: > 0 });
        DiagnosticListener.AllListeners.Subscribe(killer);
        foreach (var folder in (Environment.GetEnvironmentVariable("STARPORTAL_TEST_FOLDERS") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)) killer.Watch(folder);
    }

    private sealed class Killer(string killAt, string armFile, bool lastingOnly) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        private readonly Lock counting = new();
        private readonly ConditionalWeakTable<DbTransaction, List<string>> writes = [];
        private readonly HashSet<string> folders = new(StringComparer.Ordinal);
        private readonly bool leavesOutClaims = Environment.GetEnvironmentVariable("STARPORTAL_TEST_NO_CLAIMS") is { Length: > 0 };
        private int instants;

        public void Watch(string folder) => folders.Add(folder);

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name is "Microsoft.EntityFrameworkCore" or "StarPortal.Files") value.Subscribe(this);
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            switch (value.Key)
            {
                case "FileWritten" when value.Value is string path && Path.GetDirectoryName(path) is { } folder && folders.Contains(folder):
                    Count($"file {Path.GetFileName(folder)}/{Path.GetFileName(path)}");
                    break;
                case "Microsoft.EntityFrameworkCore.Database.Transaction.TransactionCommitting" when !lastingOnly:
                    Count($"before commit: {WritesOf(value.Value)}");
                    break;
                case "Microsoft.EntityFrameworkCore.Database.Transaction.TransactionCommitted" when !lastingOnly || WritesOf(value.Value).Length > 0:
                    Count($"after commit: {WritesOf(value.Value)}");
                    break;
                case "Microsoft.EntityFrameworkCore.Database.Command.CommandExecuted" when CommandOf(value.Value) is { } command && IsWrite(command.CommandText):
                    if (command.Transaction is { } transaction) writes.GetOrCreateValue(transaction).Add(FirstLine(command));
                    else if (Of(value.Value, "Result") is not 0 && !(lastingOnly && IsStillRunning(command))) Count($"after {FirstLine(command)}");
                    break;
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        /// <summary>A statement that returns rows is durable only when its reader is closed, which comes after this event: a death here leaves nothing.</summary>
        private static bool IsStillRunning(DbCommand command) => command.CommandText.Contains("RETURNING", StringComparison.Ordinal);

        /// <summary><c>INSERT INTO "AuditRecords"</c>.</summary>
        private static string FirstLine(DbCommand command) => command.CommandText.TrimStart().Split('(', '\n')[0].TrimEnd();

        private string WritesOf(object? payload) =>
            Of(payload, "Transaction") is DbTransaction transaction && writes.TryGetValue(transaction, out var done) ? string.Join("; ", done.Distinct()) : "";

        private static DbCommand? CommandOf(object? payload) => Of(payload, "Command") as DbCommand;

        private static object? Of(object? payload, string property) => payload?.GetType().GetProperty(property)?.GetValue(payload);

        private bool IsWrite(string sql) =>
            ((string[])["UPDATE", "INSERT", "DELETE"]).Any(verb => sql.AsSpan().TrimStart().StartsWith(verb, StringComparison.Ordinal))
            && !sql.Contains("\"__EFMigrationsLock\"", StringComparison.Ordinal) && !(leavesOutClaims && IsClaim(sql));

        /// <summary>That a job or an item of the outbox is under way. It comes and goes with each start, as the migration's mark does, and is left out where STARPORTAL_TEST_NO_CLAIMS says so.</summary>
        private static bool IsClaim(string sql) => ((string[])["\"JobLeases\"", "\"JobRuns\"", "UPDATE \"Outbox\" AS"]).Any(claim => sql.Contains(claim, StringComparison.Ordinal));

        private void Count(string what)
        {
            lock (counting)
            {
                if (!File.Exists(armFile)) return;
                File.AppendAllText($"{armFile}.log", $"{what}\n");
                instants++;
                if (int.TryParse(killAt, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? instants == number : what.Contains(killAt, StringComparison.Ordinal)) Process.GetCurrentProcess().Kill();
            }
        }
    }
}
