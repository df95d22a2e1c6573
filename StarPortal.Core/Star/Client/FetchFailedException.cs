namespace StarPortal.Core.Star;

/// <summary>A poll brought nothing that may replace the certificate in hand; the message is for the operator.</summary>
public sealed class FetchFailedException(string message, Exception? inner = null) : Exception(message, inner);
