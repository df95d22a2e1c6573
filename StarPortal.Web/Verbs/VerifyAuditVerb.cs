using System.CommandLine;
using System.Globalization;
using StarPortal.Core.Audit;

namespace StarPortal.Web.Verbs;

internal static class VerifyAuditVerb
{
    public static Command Make()
    {
        var file = new Option<FileInfo>("--file") { Description = "Verifies an export in JSON instead of the database; needs no portal." };
        file.AcceptExistingOnly();
        var known = new Option<string?>("--known") { Description = "A head noted down before, as number:hash: the log has to contain it still." };
        known.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && KnownHead.TryParse(text) is null) result.AddError("--known is number:hash, as this verb prints it.");
        });
        var verb = new Command("verify-audit", "Proves that the audit log is as it was written: exit code 0, or 1 and the first record that is not.") { file, known };
        verb.SetAction((parsed, ct) => parsed.GetValue(file) is { } export
            ? VerbHost.RunAsync(parsed, needsDatabase: false, _ => VerifyFileAsync(export, ct))
            : VerbHost.RunAsync(parsed, needsDatabase: true, services => VerifyAsync(services.GetRequiredService<AuditVerifier>(), KnownHead.TryParse(parsed.GetValue(known)), ct)));
        return verb;
    }

    private static async Task<int> VerifyFileAsync(FileInfo export, CancellationToken ct)
    {
        await using var stream = export.OpenRead();
        return await ReportAsync(await AuditVerifier.VerifyFileAsync(stream, ct));
    }

    private static async Task<int> VerifyAsync(AuditVerifier verifier, KnownHead? known, CancellationToken ct)
    {
        var code = await ReportAsync(await verifier.VerifyAsync(ct));
        if (code != CommandLine.Done || known is null) return code;
        if (string.Equals(await verifier.FindHashAsync(known.Sequence, ct), known.Hash, StringComparison.OrdinalIgnoreCase)) return CommandLine.Done;
        await Console.Error.WriteLineAsync($"starportal: The log is a sound chain, but not the one of the known head: record {known.Sequence} is missing or another. The log was cut off or rewritten.");
        return CommandLine.Failed;
    }

    private static async Task<int> ReportAsync(AuditVerdict verdict)
    {
        var last = verdict.First + verdict.Count - 1;
        var range = verdict.First > 1 ? $" ({verdict.First} to {last}; what came before is not in this file)" : "";
        if (verdict.Break is { } found)
        {
            await Console.Error.WriteLineAsync($"starportal: {found.Kind}: {found.Reason} {verdict.Count.ToString(CultureInfo.InvariantCulture)} records before it are sound{range}.");
            return CommandLine.Failed;
        }

        await Console.Out.WriteLineAsync($"{verdict.Count.ToString(CultureInfo.InvariantCulture)} records, all sound{range}. Head {last}:{verdict.HeadHash}");
        return CommandLine.Done;
    }

    private sealed record KnownHead(long Sequence, string Hash)
    {
        public static KnownHead? TryParse(string? text) =>
            text?.Split(':') is [var number, { Length: 64 } hash] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) && hash.All(char.IsAsciiHexDigit)
                ? new KnownHead(sequence, hash)
                : null;
    }
}
