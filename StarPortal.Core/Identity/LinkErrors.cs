using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

public static class LinkErrors
{
    public static ServiceException Unknown() =>
        new(ErrorKind.NotFound, "This link is not one of ours, or it has been cut short: copy the whole address from the mail.");

    public static ServiceException UsedMeanwhile() => new(ErrorKind.Gone, "This link has been used already. Nothing more is to be done with it.");
}
