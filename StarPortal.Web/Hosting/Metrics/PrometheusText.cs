using System.Diagnostics.Metrics;
using System.Globalization;

namespace StarPortal.Web.Hosting.Metrics;

/// <summary>The text exposition format 0.0.4 of Prometheus.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The instrument's name with the unit's word, and _total for counters, as the format's conventions have it.</summary>
    public static string NameOf(Instrument instrument)
    {
        var name = Clean(instrument.Name);
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", "%" => "_percent", _ => "" };
        if (unit.Length > 0 && !name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        return instrument.GetType().Name.StartsWith("Counter", StringComparison.Ordinal) || instrument.GetType().Name.StartsWith("ObservableCounter", StringComparison.Ordinal)
            ? $"{name}_total" : name;
    }

    /// <returns>Without braces: <c>method="GET",route="/"</c>.</returns>
    public static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return "";
        var labels = new List<string>(tags.Length);
        foreach (var (key, value) in tags) labels.Add($"{Clean(key)}=\"{Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")}\"");
        labels.Sort(StringComparer.Ordinal);
        return string.Join(',', labels);
    }

    public static string With(string labels, string name, string value) => labels.Length == 0 ? $"{name}=\"{value}\"" : $"{labels},{name}=\"{value}\"";

    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static void WriteHead(TextWriter text, string name, string? help, string type)
    {
        if (!string.IsNullOrEmpty(help)) text.Write($"# HELP {name} {help.Replace("\\", "\\\\", StringComparison.Ordinal).ReplaceLineEndings(" ")}\n");
        text.Write($"# TYPE {name} {type}\n");
    }

    public static void WriteSample(TextWriter text, string name, string labels, double value) =>
        text.Write(labels.Length == 0 ? $"{name} {Number(value)}\n" : $"{name}{{{labels}}} {Number(value)}\n");

    private static string Clean(string name) => string.Create(name.Length, name, static (cleaned, source) =>
    {
        for (var i = 0; i < source.Length; i++) cleaned[i] = char.IsAsciiLetterOrDigit(source[i]) ? source[i] : '_';
    });

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
