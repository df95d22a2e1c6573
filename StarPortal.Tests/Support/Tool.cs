using System.Diagnostics;

namespace StarPortal.Tests.Support;

/// <summary>A real program of another make: openssl, certtool, pk12util.</summary>
/// <param name="Output">Standard output and error, one after the other.</param>
public sealed record Tool(int ExitCode, string Output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static Task<Tool> RunAsync(string program, params string[] arguments) => RunAsync(program, new Dictionary<string, string>(), arguments);

    /// <param name="environment">Variables besides those of the tests.</param>
    public static async Task<Tool> RunAsync(string program, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start.");
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {Patience}: {await output}{await error}", late);
        }

        return new(process.ExitCode, $"{await output}{await error}");
    }

    /// <returns>What the program printed.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message is what it printed.</exception>
    public static async Task<string> MustRunAsync(string program, params string[] arguments)
    {
        var done = await RunAsync(program, arguments);
        return done.Require($"{program} {string.Join(' ', arguments)}");
    }

    /// <returns>What the program printed.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message is what it printed.</exception>
    public string Require(string what) => ExitCode == 0 ? Output : throw new InvalidOperationException($"{what} ended with {ExitCode}: {Output}");
}
