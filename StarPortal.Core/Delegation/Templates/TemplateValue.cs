namespace StarPortal.Core.Delegation;

/// <summary>
/// A text of a template (RFC 9115 4.1): <c>**</c> is mandatory and the consumer's choice, <c>*</c> is optional and the consumer's choice, all else is
/// mandatory and literal, names such as <c>*.example.org</c> included.
/// </summary>
public sealed record TemplateValue(string Text)
{
    public static readonly TemplateValue Mandatory = new("**");

    public static readonly TemplateValue Optional = new("*");

    public bool IsMandatoryChoice => Text == Mandatory.Text;

    public bool IsOptionalChoice => Text == Optional.Text;

    public bool IsLiteral => !IsMandatoryChoice && !IsOptionalChoice;

    public override string ToString() => Text;
}
