namespace StarPortal.Core.Acme;

/// <summary>The one translator.</summary>
public sealed class AcmeAnswers;
