using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;

namespace StarPortal.Core.Approval;

/// <summary>Outbox payload of kind <c>issue</c>: what the last vote sets going.</summary>
public sealed record IssueApproved(Guid RequestId, int Round)
{
    public const string Kind = "issue";

    public static OutboxItem For(EnrollmentRequest request, DateTimeOffset now) =>
        OutboxItem.For(Kind, $"{request.Id:N}:{request.Round}", new IssueApproved(request.Id, request.Round), now);
}
