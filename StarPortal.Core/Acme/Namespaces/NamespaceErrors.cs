using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

public static class NamespaceErrors
{
    public static ServiceException BadSuffix(string text) =>
        new(ErrorKind.Invalid, $"'{(text.Length > 60 ? text[..60] + "…" : text)}' is not a domain such as example.org (lower-case letters, digits, hyphens and dots).", "Suffix");

    public static ServiceException Taken(string suffix) => new(ErrorKind.Conflict, $"{suffix} has been claimed by you already.", "Suffix");

    public static ServiceException NotFound() => new(ErrorKind.NotFound, "There is no such namespace.");

    public static ServiceException NotProven(string detail) => new(ErrorKind.Invalid, detail);

    public static ServiceException OwnClaim() => new(ErrorKind.Forbidden, "Nobody decides on a claim of their own.");

    public static ServiceException AlreadyDecided(AcmeNamespaceState state) => new(ErrorKind.Conflict, state switch
    {
        AcmeNamespaceState.Asked => "This claim has not been decided yet.",
        AcmeNamespaceState.Approved => "This claim has been approved already.",
        AcmeNamespaceState.Refused => "This claim has been refused already.",
        AcmeNamespaceState.Withdrawn => "This has been withdrawn already.",
    });

    public static ServiceException DecidedMeanwhile() => new(ErrorKind.Conflict, "Somebody decided on this claim meanwhile. Load the page again.");

    public static ServiceException TooMany() => new(ErrorKind.TooMany, "Too many of your claims wait for a decision, or were withdrawn within a day of being made. Wait until some are decided.", "Suffix");
}
