namespace StarPortal.Core.Acme;

/// <param name="Body">Of a 200 only, an octet a character; null when it was longer than the bound.</param>
internal sealed record HttpAnswer(int Status, string? Location, string? Body)
{
    public bool IsRedirect => Status is 301 or 302 or 303 or 307 or 308;
}
