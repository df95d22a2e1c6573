using System.Globalization;
using StarPortal.Core.Delegation;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Components.Pages.Delegation;

/// <summary>A delegation as its form posts it; properties are named as the service names what it refuses.</summary>
public sealed class DelegationInput
{
    private const string Preset = "preset:";

    /// <summary>Id; empty: anybody.</summary>
    public string? Consumer { get; set; }

    /// <summary>One on a line.</summary>
    public string? Names { get; set; }

    public string? Template { get; set; }

    /// <summary><c>name target</c> on a line.</summary>
    public string? CnameMap { get; set; }

    public string? MaxLifetime { get; set; }

    public string? MaxValidity { get; set; }

    public string? Upstream { get; set; }

    public string? Approval { get; set; }

    /// <summary>Which button was pressed: empty, <c>check</c>, or <c>preset:</c> and a key.</summary>
    public string? Act { get; set; }

    internal Guid? ConsumerId => Guid.TryParse(Consumer, out var id) ? id : null;

    /// <summary>Only the template is to be filled or looked at; nothing is saved.</summary>
    internal bool IsDraft => !string.IsNullOrEmpty(Act);

    private string[] NameList => Split(Names, ['\r', '\n', ',', ';', ' ']);

    internal static DelegationInput Of(NameDelegation delegation) => new()
    {
        Consumer = delegation.ConsumerId?.ToString(),
        Names = delegation.Names,
        Template = CsrTemplate.Parse(delegation.Template).ToJson(indented: true),
        CnameMap = delegation.CnameMap,
        MaxLifetime = delegation.MaxLifetime.ToString(CultureInfo.InvariantCulture),
        MaxValidity = delegation.MaxValidity.ToString(CultureInfo.InvariantCulture),
        Upstream = delegation.Upstream,
        Approval = delegation.Approval.ToString(),
    };

    /// <summary>Puts the preset whose button was pressed in the place of the template, filled with the names.</summary>
    /// <exception cref="ServiceException">Invalid: there is no name yet, or something that is none; beside Names.</exception>
    internal void FillPreset()
    {
        if (Act?.StartsWith(Preset, StringComparison.Ordinal) is not true) return;
        var preset = CsrTemplatePreset.All.FirstOrDefault(candidate => candidate.Key == Act[Preset.Length..]);
        try
        {
            Template = preset?.Fill(NameList).ToJson(indented: true) ?? Template;
        }
        catch (ServiceException refusal)
        {
            throw new ServiceException(ErrorKind.Invalid, refusal.Message, nameof(Names));
        }
    }

    /// <exception cref="ServiceException">Invalid, beside a field.</exception>
    internal DelegationTerms ToTerms()
    {
        if (string.IsNullOrWhiteSpace(Template)) throw new ServiceException(ErrorKind.Invalid, "Press one of the presets, or paste a template.", nameof(Template));
        return new DelegationTerms(NameList, Template, ReadNumber(MaxLifetime, nameof(MaxLifetime)), ReadNumber(MaxValidity, nameof(MaxValidity)), Upstream ?? "", ReadApproval()) { CnameMap = [.. Split(CnameMap, ['\r', '\n']).Select(ReadCname)] };
    }

    private DelegationApproval ReadApproval() =>
        Enum.TryParse<DelegationApproval>(Approval, out var approval) && Enum.IsDefined(approval) ? approval : throw new ServiceException(ErrorKind.Invalid, "Say who approves.", nameof(Approval));

    private static (string Name, string Target) ReadCname(string line) =>
        line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is [var name, var target] ? (name, target) : throw new ServiceException(ErrorKind.Invalid, $"Write a name, a space and its target: “{line}” is not that.", nameof(CnameMap));

    private static int ReadNumber(string? text, string field) =>
        int.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new ServiceException(ErrorKind.Invalid, "Write a whole number.", field);

    private static string[] Split(string? text, char[] separators) => (text ?? "").Split(separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
