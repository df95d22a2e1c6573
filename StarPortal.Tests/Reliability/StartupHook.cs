using System.Data.Common;
using System.Diagnostics;

#pragma warning disable MA0047 // The runtime looks for a startup hook by this name, outside any namespace.
/// <summary>
/// Loaded into the real portal process by DOTNET_STARTUP_HOOKS: kills it, as kill -9 would, at the n-th instant that matters to somebody who
/// comes afterwards, counted from when the file named by STARPORTAL_TEST_ARM exists: just before a transaction becomes durable (unless
/// STARPORTAL_TEST_LASTING is set: nothing has happened then), just after it has, after a statement that is a transaction by itself, and after a
/// file has appeared in one of the folders STARPORTAL_TEST_FOLDERS. The product knows nothing of it.
/// </summary>
internal static class StartupHook
#pragma warning restore MA0047
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("STARPORTAL_TEST_KILL_AT") is not { Length: > 0 } killAt) return;
        var killer = new Killer(int.Parse(killAt), Environment.GetEnvironmentVariable("STARPORTAL_TEST_ARM")!, Environment.GetEnvironmentVariable("STARPORTAL_TEST_LASTING") is { Length: > 0 });
        DiagnosticListener.AllListeners.Subscribe(killer);
        foreach (var folder in (Environment.GetEnvironmentVariable("STARPORTAL_TEST_FOLDERS") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)) killer.Watch(folder);
    }

    private sealed class Killer(int killAt, string armFile, bool lastingOnly) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        private static readonly List<FileSystemWatcher> Watchers = [];

        private readonly Lock counting = new();
        private int instants;

        public void Watch(string folder)
        {
            var watcher = new FileSystemWatcher(folder) { NotifyFilter = NotifyFilters.FileName, EnableRaisingEvents = true };
            watcher.Renamed += (_, file) => Count($"file {Path.GetFileName(folder)}/{file.Name}"); // each is written beside its place and moved there
            Watchers.Add(watcher);
        }

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.EntityFrameworkCore") value.Subscribe(this);
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            switch (value.Key)
            {
                case "Microsoft.EntityFrameworkCore.Database.Transaction.TransactionCommitting" when !lastingOnly:
                    Count("before commit");
                    break;
                case "Microsoft.EntityFrameworkCore.Database.Transaction.TransactionCommitted":
                    Count("after commit");
                    break;
                case "Microsoft.EntityFrameworkCore.Database.Command.CommandExecuted" when CommandOf(value.Value) is { Transaction: null } command && IsWrite(command.CommandText) && Of(value.Value, "Result") is not 0:
                    Count($"after {command.CommandText.TrimStart().Split('\n')[0].TrimEnd()}");
                    break;
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        private static DbCommand? CommandOf(object? payload) => Of(payload, "Command") as DbCommand;

        private static object? Of(object? payload, string property) => payload?.GetType().GetProperty(property)?.GetValue(payload);

        private static bool IsWrite(string sql) =>
            ((string[])["UPDATE", "INSERT", "DELETE"]).Any(verb => sql.AsSpan().TrimStart().StartsWith(verb, StringComparison.Ordinal));

        private void Count(string what)
        {
            lock (counting)
            {
                if (!File.Exists(armFile)) return;
                File.AppendAllText($"{armFile}.log", $"{what}\n");
                if (++instants == killAt) Process.GetCurrentProcess().Kill();
            }
        }
    }
}
