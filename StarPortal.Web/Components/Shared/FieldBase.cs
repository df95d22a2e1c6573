using Microsoft.AspNetCore.Components;

namespace StarPortal.Web.Components.Shared;

/// <summary>What every form field takes. <see cref="Name"/> is the form property's name; attributes that are not named here go to the input.</summary>
public abstract class FieldBase : ComponentBase
{
    [Parameter, EditorRequired] public string Label { get; set; } = "";

    [Parameter, EditorRequired] public string Name { get; set; } = "";

    [Parameter] public string? Hint { get; set; }

    [Parameter] public string? Error { get; set; }

    [Parameter] public bool Required { get; set; }

    /// <summary>The element's id when two forms of a page have a field of this name.</summary>
    [Parameter] public string? Id { get; set; }

    [Parameter(CaptureUnmatchedValues = true)] public IReadOnlyDictionary<string, object>? Attributes { get; set; }

    protected string FieldId => Id ?? FormNames.IdOf(Name);

    protected string? DescribedBy => FormNames.DescribedBy(FieldId, Hint, Error);

    /// <summary>The value of aria-invalid.</summary>
    protected string? Invalid => string.IsNullOrEmpty(Error) ? null : "true";
}
