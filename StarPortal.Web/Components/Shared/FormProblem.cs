using StarPortal.Core.Shared;

namespace StarPortal.Web.Components.Shared;

/// <summary>A service's refusal as messages of the form that caused it.</summary>
public static class FormProblem
{
    public static FieldErrors From(ServiceException refusal) => new FieldErrors().With(refusal.Field ?? "", refusal.Message);
}
