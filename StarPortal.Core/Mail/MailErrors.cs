using StarPortal.Core.Shared;

namespace StarPortal.Core.Mail;

internal static class MailErrors
{
    public static ServiceException BadRecipient() => new(ErrorKind.Invalid, "This is not a mail address.", "To");

    public static ServiceException NotFound() => new(ErrorKind.NotFound, "There is no such mail.");

    public static ServiceException NoTemplate(string name) => new(ErrorKind.NotFound, $"There is no mail template '{name}'.");

    public static ServiceException NotTaken(string reason) => new(ErrorKind.Unavailable, reason);

    public static ServiceException TooManyFor(TimeSpan wait) =>
        new(ErrorKind.TooMany, "This recipient has had the most mails an hour allows; it goes out later.") { RetryAfter = wait };

    public static InvalidOperationException Template(string source, string problem) => new($"Mail template {source}: {problem}");
}
