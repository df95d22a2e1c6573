using StarPortal.Core.Shared;

namespace StarPortal.Core.Jobs;

internal static class JobErrors
{
    public static ServiceException NotFound(string name) => new(ErrorKind.NotFound, $"There is no job '{name}'.");

    public static ServiceException Running(string name) => new(ErrorKind.Conflict, $"The job '{name}' is running already.");

    public static ServiceException CannotWind(TimeSpan atMost) =>
        new(ErrorKind.Invalid, $"The clock goes forward only, by at most {atMost.TotalDays:0} days at a time.", "Hours");
}
