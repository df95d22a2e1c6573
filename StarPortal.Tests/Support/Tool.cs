using System.Diagnostics;

namespace StarPortal.Tests.Support;

/// <summary>A real program of another make: openssl, certtool, pk12util.</summary>
/// <param name="Output">Standard output and error, one after the other.</param>
public sealed record Tool(int ExitCode, string Output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<Tool> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start.");
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);
        return new(process.ExitCode, $"{await output}{await error}");
    }

    /// <returns>What the program printed.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message is what it printed.</exception>
    public static async Task<string> MustRunAsync(string program, params string[] arguments)
    {
        var done = await RunAsync(program, arguments);
        return done.ExitCode == 0
            ? done.Output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {done.ExitCode}: {done.Output}");
    }
}
