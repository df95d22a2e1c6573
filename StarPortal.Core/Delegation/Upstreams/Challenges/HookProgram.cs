using System.ComponentModel;
using System.Diagnostics;
using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>Runs the hook: no shell, a small environment, time and output bounded.</summary>
internal sealed class HookProgram(HookSettings settings)
{
    private static readonly string[] Inherited = ["PATH", "HOME", "LANG", "TZ"];

    /// <exception cref="ChallengeFailedException">It can't be started, ended with something else than 0, or did not end.</exception>
    public async Task RunAsync(string[] arguments, CancellationToken ct)
    {
        using var process = Start(arguments);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(settings.Timeout);
        var said = new BoundedText(settings.MaxOutput);
        var reading = Task.WhenAll(said.ReadAsync(process.StandardOutput, limit.Token), said.ReadAsync(process.StandardError, limit.Token));
        try
        {
            await process.WaitForExitAsync(limit.Token);
            await reading; // A child that lives on may hold the pipes: the limit ends that too.
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            ct.ThrowIfCancellationRequested();
            throw new ChallengeFailedException($"The hook did not end within {settings.Timeout.TotalSeconds:0.#} seconds and was stopped{said}.", mayPass: true);
        }

        if (process.ExitCode != 0) throw new ChallengeFailedException($"The hook ended with {process.ExitCode}{said}.", mayPass: true);
    }

    private Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo(settings.Program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var inherited = Inherited.Where(start.Environment.ContainsKey).Select(name => (name, start.Environment[name])).ToList();
        start.Environment.Clear(); // The portal's may hold secrets.
        foreach (var (name, value) in inherited) start.Environment[name] = value;
        foreach (var (name, value) in settings.Environment) start.Environment[name] = value;
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Exception error) when (error is Win32Exception or IOException or InvalidOperationException)
        {
            throw new ChallengeFailedException($"The hook can't be started: {PlainText.Of(error.Message)}", mayPass: false, error);
        }
    }
}
