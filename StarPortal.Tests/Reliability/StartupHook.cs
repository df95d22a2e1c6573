using System.Diagnostics;

#pragma warning disable MA0047 // The runtime looks for a startup hook by this name, outside any namespace.
/// <summary>
/// Loaded into the real portal process by DOTNET_STARTUP_HOOKS: kills it, as kill -9 would, at the n-th database write after the file
/// named by STARPORTAL_TEST_ARM exists, before or after that write is committed. The product knows nothing of it.
/// </summary>
internal static class StartupHook
#pragma warning restore MA0047
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("STARPORTAL_TEST_KILL_AT") is { Length: > 0 } killAt)
            DiagnosticListener.AllListeners.Subscribe(new Killer(int.Parse(killAt), Environment.GetEnvironmentVariable("STARPORTAL_TEST_ARM")!));
    }

    private sealed class Killer(int killAt, string armFile) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        private int writes;

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.EntityFrameworkCore") value.Subscribe(this);
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (!IsWrite(value) || !File.Exists(armFile)) return;
            File.AppendAllText($"{armFile}.log", $"{value.Key}\n");
            if (Interlocked.Increment(ref writes) == killAt) Process.GetCurrentProcess().Kill();
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        /// <summary>The instants just before and just after a transaction becomes durable, and single statements that are their own transaction.</summary>
        private static bool IsWrite(KeyValuePair<string, object?> value) => value.Key switch
        {
            "Microsoft.EntityFrameworkCore.Database.Transaction.TransactionCommitting" => true,
            "Microsoft.EntityFrameworkCore.Database.Transaction.TransactionCommitted" => true,
            "Microsoft.EntityFrameworkCore.Database.Command.CommandExecuted" => CommandText(value.Value).StartsWith("UPDATE", StringComparison.Ordinal),
            _ => false,
        };

        private static string CommandText(object? payload) =>
            (payload?.GetType().GetProperty("Command")?.GetValue(payload) as System.Data.Common.DbCommand)?.CommandText ?? "";
    }
}
