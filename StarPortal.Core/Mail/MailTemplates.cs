using System.Text;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Mail;

/// <summary>
/// The templates of all rooms (<c>Room/Mails/name.txt</c>, embedded), with those of <c>Mail:TemplateDirectory</c> in their place.
/// Made at start: a broken template stops the start.
/// </summary>
public sealed class MailTemplates(IOptions<PortalOptions> portal, IOptions<MailOptions> options)
{
    private readonly Dictionary<string, MailTemplate> byName = Read(options.Value.TemplateDirectory);

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<MailTemplate> All => [.. byName.Values.OrderBy(template => template.Name, StringComparer.Ordinal)];

    /// <exception cref="ServiceException">NotFound.</exception>
    public MailTemplate Get(string name) => byName.GetValueOrDefault(name) ?? throw MailErrors.NoTemplate(name);

    /// <param name="template">Room and file, such as <c>enrollment/confirm-address</c>.</param>
    /// <param name="to">The address alone.</param>
    /// <param name="values">One for every placeholder; those the template does not use are ignored.</param>
    /// <exception cref="InvalidOperationException">There is no such template, or a placeholder has no value: a mistake of the caller.</exception>
    public MailMessage Render(string template, string to, IReadOnlyDictionary<string, string> values)
    {
        var found = byName.GetValueOrDefault(template) ?? throw MailErrors.Template(template, "there is none of this name.");
        var missing = found.Placeholders.Except(values.Keys, StringComparer.Ordinal).ToList();
        if (missing.Count > 0) throw MailErrors.Template(template, $"no value for {string.Join(", ", missing)}.");

        var subject = OneLine(MailTemplate.Fill(found.Subject, values, text => text));
        return new MailMessage
        {
            To = to,
            Subject = subject,
            Text = MailText.Render(found.Blocks, values, portal.Value),
            Html = MailHtml.Render(subject, found.Blocks, values, portal.Value),
        };
    }

    /// <summary>The template with its own sample values, for the preview page.</summary>
    /// <exception cref="ServiceException">NotFound.</exception>
    public MailMessage Preview(string name) => Render(Get(name).Name, "somebody@example.org", Get(name).Samples);

    /// <summary>A header is one line: what a value smuggled in becomes a space.</summary>
    private static string OneLine(string text)
    {
        var clean = string.Create(text.Length, text, (span, source) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = char.IsControl(source[i]) || source[i] is '\u2028' or '\u2029' ? ' ' : source[i];
        });
        return clean.Length <= 200 ? clean.Trim() : clean[..200].Trim() + "…";
    }

    private static Dictionary<string, MailTemplate> Read(string? directory)
    {
        var assembly = typeof(MailTemplates).Assembly;
        var ours = assembly.GetManifestResourceNames().Where(name => name.StartsWith("mail:", StringComparison.Ordinal))
            .Select(resource => Declared(ReadOurs(resource))).ToDictionary(template => template.Name, StringComparer.Ordinal);
        if (directory is null) return ours;

        foreach (var file in Directory.EnumerateFiles(directory, "*.txt", SearchOption.AllDirectories))
        {
            var replacement = ReadTheirs(directory, file, ours);
            ours[replacement.Name] = replacement;
        }

        return ours;

        MailTemplate ReadOurs(string resource)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            return MailTemplate.Parse(NameOf(resource["mail:".Length..]), reader.ReadToEnd(), resource);
        }
    }

    /// <summary>Somebody else's file may use what ours declares and nothing else: the room provides no more.</summary>
    private static MailTemplate ReadTheirs(string directory, string file, Dictionary<string, MailTemplate> ours)
    {
        var name = Path.ChangeExtension(Path.GetRelativePath(directory, file), null).Replace('\\', '/');
        if (!ours.TryGetValue(name, out var original))
            throw MailErrors.Template(file, $"replaces none of ours. Known: {string.Join(", ", ours.Keys.Order(StringComparer.Ordinal))}.");
        var template = MailTemplate.Parse(name, File.ReadAllText(file, Encoding.UTF8), file);
        var unknown = template.Placeholders.Except(original.Samples.Keys, StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
            throw MailErrors.Template(file, $"unknown placeholder {string.Join(", ", unknown)}. Known: {string.Join(", ", original.Samples.Keys)}.");
        return template with { Samples = original.Samples, IsOverridden = true };
    }

    private static MailTemplate Declared(MailTemplate template)
    {
        var undeclared = template.Placeholders.Except(template.Samples.Keys, StringComparer.Ordinal).ToList();
        return undeclared.Count == 0 ? template : throw MailErrors.Template(template.Name, $"no sample value for {string.Join(", ", undeclared)}.");
    }

    /// <summary><c>Enrollment/Mails/confirm-address.txt</c> → <c>enrollment/confirm-address</c>.</summary>
    private static string NameOf(string path)
    {
        var parts = path.Replace('\\', '/').Split('/');
        return $"{parts[0].ToLowerInvariant()}/{Path.GetFileNameWithoutExtension(parts[^1])}";
    }
}
