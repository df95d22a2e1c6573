namespace StarPortal.Web.Components.Shared;

/// <summary>One choice of a <see cref="SelectField"/>.</summary>
public sealed record SelectOption(string Value, string Text);
