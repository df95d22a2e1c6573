using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StarPortal.Core.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class SubscribersYear : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_IssuedCertificates_NotAfter",
                table: "IssuedCertificates");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "SentToCaAt",
                table: "EnrollmentRequests",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "SigningRequest",
                table: "EnrollmentRequests",
                type: "bytea",
                maxLength: 32768,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "CaMails",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Key = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    FileName = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    From = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    Subject = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    Text = table.Column<string>(type: "character varying(8000)", maxLength: 8000, nullable: false),
                    Certificate = table.Column<byte[]>(type: "bytea", maxLength: 16384, nullable: true),
                    ArrivedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ReadAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Status = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Reason = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    RequestId = table.Column<Guid>(type: "uuid", nullable: true),
                    OrganisationId = table.Column<Guid>(type: "uuid", nullable: true),
                    HandledBy = table.Column<Guid>(type: "uuid", nullable: true),
                    HandledAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CaMails", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "MirrorCopies",
                columns: table => new
                {
                    CredentialId = table.Column<Guid>(type: "uuid", nullable: false),
                    Source = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Digest = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Revision = table.Column<int>(type: "integer", nullable: false),
                    IsLockTheirs = table.Column<bool>(type: "boolean", nullable: false),
                    ReceivedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MirrorCopies", x => x.CredentialId);
                    table.ForeignKey(
                        name: "FK_MirrorCopies_StoredCredentials_CredentialId",
                        column: x => x.CredentialId,
                        principalTable: "StoredCredentials",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "MirrorNonces",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MirrorNonces", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "MirrorStates",
                columns: table => new
                {
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    LastRunAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    InStepAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Held = table.Column<int>(type: "integer", nullable: false),
                    Sent = table.Column<int>(type: "integer", nullable: false),
                    Removed = table.Column<int>(type: "integer", nullable: false),
                    Differing = table.Column<int>(type: "integer", nullable: false),
                    Error = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    Problems = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MirrorStates", x => new { x.Kind, x.Name });
                });

            migrationBuilder.CreateTable(
                name: "RegistryEntries",
                columns: table => new
                {
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    UserName = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    Dn = table.Column<string>(type: "character varying(2500)", maxLength: 2500, nullable: false),
                    DnHash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    FullName = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Email = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    Since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    LostAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    RemovalAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    RemovedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Revision = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RegistryEntries", x => x.UserId);
                });

            migrationBuilder.CreateTable(
                name: "RegistryGroups",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Description = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    OwnerId = table.Column<Guid>(type: "uuid", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RegistryGroups", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "RegistryReconciliations",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Here = table.Column<int>(type: "integer", nullable: false),
                    There = table.Column<int>(type: "integer", nullable: false),
                    Missing = table.Column<int>(type: "integer", nullable: false),
                    Different = table.Column<int>(type: "integer", nullable: false),
                    Unknown = table.Column<int>(type: "integer", nullable: false),
                    IsHeld = table.Column<bool>(type: "boolean", nullable: false),
                    ApprovedBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RegistryReconciliations", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "RegistryResources",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Description = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    HasGridMapfile = table.Column<bool>(type: "boolean", nullable: false),
                    SharedAccount = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ClosedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Revision = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RegistryResources", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "UserSessions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    Device = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Address = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    StartedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    SeenAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    StampHash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_UserSessions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_UserSessions_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "RegistryGroupMembers",
                columns: table => new
                {
                    GroupId = table.Column<Guid>(type: "uuid", nullable: false),
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    AddedBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    AddedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RegistryGroupMembers", x => new { x.GroupId, x.UserId });
                    table.ForeignKey(
                        name: "FK_RegistryGroupMembers_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_RegistryGroupMembers_RegistryGroups_GroupId",
                        column: x => x.GroupId,
                        principalTable: "RegistryGroups",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "RegistryDivergences",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ReconciliationId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Person = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    UserName = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    Dn = table.Column<string>(type: "character varying(2500)", maxLength: 2500, nullable: false),
                    Detail = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RegistryDivergences", x => x.Id);
                    table.ForeignKey(
                        name: "FK_RegistryDivergences_RegistryReconciliations_ReconciliationId",
                        column: x => x.ReconciliationId,
                        principalTable: "RegistryReconciliations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "RegistryAccessRequests",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ResourceId = table.Column<Guid>(type: "uuid", nullable: false),
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    OpenUserId = table.Column<Guid>(type: "uuid", nullable: true),
                    Reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    AskedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Status = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    DecidedBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Answer = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RegistryAccessRequests", x => x.Id);
                    table.ForeignKey(
                        name: "FK_RegistryAccessRequests_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_RegistryAccessRequests_RegistryResources_ResourceId",
                        column: x => x.ResourceId,
                        principalTable: "RegistryResources",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "RegistryGrants",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ResourceId = table.Column<Guid>(type: "uuid", nullable: false),
                    UserId = table.Column<Guid>(type: "uuid", nullable: true),
                    GroupId = table.Column<Guid>(type: "uuid", nullable: true),
                    Holder = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    OpenHolderId = table.Column<Guid>(type: "uuid", nullable: true),
                    Account = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    GrantedBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    GrantedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    EndedBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RegistryGrants", x => x.Id);
                    table.ForeignKey(
                        name: "FK_RegistryGrants_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_RegistryGrants_RegistryResources_ResourceId",
                        column: x => x.ResourceId,
                        principalTable: "RegistryResources",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "RegistryResourceOwners",
                columns: table => new
                {
                    ResourceId = table.Column<Guid>(type: "uuid", nullable: false),
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    Since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RegistryResourceOwners", x => new { x.ResourceId, x.UserId });
                    table.ForeignKey(
                        name: "FK_RegistryResourceOwners_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_RegistryResourceOwners_RegistryResources_ResourceId",
                        column: x => x.ResourceId,
                        principalTable: "RegistryResources",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "RegistryTokens",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ResourceId = table.Column<Guid>(type: "uuid", nullable: false),
                    Label = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    CreatedBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    RevokedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    LastUsedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RegistryTokens", x => x.Id);
                    table.ForeignKey(
                        name: "FK_RegistryTokens_RegistryResources_ResourceId",
                        column: x => x.ResourceId,
                        principalTable: "RegistryResources",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_IssuedCertificates_NotAfter_Id",
                table: "IssuedCertificates",
                columns: new[] { "NotAfter", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_CaMails_Key",
                table: "CaMails",
                column: "Key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_CaMails_Status_ReadAt",
                table: "CaMails",
                columns: new[] { "Status", "ReadAt" });

            migrationBuilder.CreateIndex(
                name: "IX_MirrorCopies_Source",
                table: "MirrorCopies",
                column: "Source");

            migrationBuilder.CreateIndex(
                name: "IX_MirrorNonces_At",
                table: "MirrorNonces",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_RegistryAccessRequests_ResourceId_OpenUserId",
                table: "RegistryAccessRequests",
                columns: new[] { "ResourceId", "OpenUserId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_RegistryAccessRequests_Status_AskedAt",
                table: "RegistryAccessRequests",
                columns: new[] { "Status", "AskedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_RegistryAccessRequests_UserId_AskedAt",
                table: "RegistryAccessRequests",
                columns: new[] { "UserId", "AskedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_RegistryDivergences_ReconciliationId",
                table: "RegistryDivergences",
                column: "ReconciliationId");

            migrationBuilder.CreateIndex(
                name: "IX_RegistryEntries_DnHash",
                table: "RegistryEntries",
                column: "DnHash");

            migrationBuilder.CreateIndex(
                name: "IX_RegistryEntries_UserName",
                table: "RegistryEntries",
                column: "UserName");

            migrationBuilder.CreateIndex(
                name: "IX_RegistryGrants_EndedAt_Until",
                table: "RegistryGrants",
                columns: new[] { "EndedAt", "Until" });

            migrationBuilder.CreateIndex(
                name: "IX_RegistryGrants_GroupId",
                table: "RegistryGrants",
                column: "GroupId");

            migrationBuilder.CreateIndex(
                name: "IX_RegistryGrants_ResourceId_OpenHolderId",
                table: "RegistryGrants",
                columns: new[] { "ResourceId", "OpenHolderId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_RegistryGrants_UserId",
                table: "RegistryGrants",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_RegistryGroupMembers_UserId",
                table: "RegistryGroupMembers",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_RegistryGroups_Name",
                table: "RegistryGroups",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_RegistryGroups_OwnerId",
                table: "RegistryGroups",
                column: "OwnerId");

            migrationBuilder.CreateIndex(
                name: "IX_RegistryResourceOwners_UserId",
                table: "RegistryResourceOwners",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_RegistryResources_Name",
                table: "RegistryResources",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_RegistryTokens_Hash",
                table: "RegistryTokens",
                column: "Hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_RegistryTokens_ResourceId",
                table: "RegistryTokens",
                column: "ResourceId");

            migrationBuilder.CreateIndex(
                name: "IX_UserSessions_SeenAt",
                table: "UserSessions",
                column: "SeenAt");

            migrationBuilder.CreateIndex(
                name: "IX_UserSessions_UserId",
                table: "UserSessions",
                column: "UserId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "CaMails");

            migrationBuilder.DropTable(
                name: "MirrorCopies");

            migrationBuilder.DropTable(
                name: "MirrorNonces");

            migrationBuilder.DropTable(
                name: "MirrorStates");

            migrationBuilder.DropTable(
                name: "RegistryAccessRequests");

            migrationBuilder.DropTable(
                name: "RegistryDivergences");

            migrationBuilder.DropTable(
                name: "RegistryEntries");

            migrationBuilder.DropTable(
                name: "RegistryGrants");

            migrationBuilder.DropTable(
                name: "RegistryGroupMembers");

            migrationBuilder.DropTable(
                name: "RegistryResourceOwners");

            migrationBuilder.DropTable(
                name: "RegistryTokens");

            migrationBuilder.DropTable(
                name: "UserSessions");

            migrationBuilder.DropTable(
                name: "RegistryReconciliations");

            migrationBuilder.DropTable(
                name: "RegistryGroups");

            migrationBuilder.DropTable(
                name: "RegistryResources");

            migrationBuilder.DropIndex(
                name: "IX_IssuedCertificates_NotAfter_Id",
                table: "IssuedCertificates");

            migrationBuilder.DropColumn(
                name: "SentToCaAt",
                table: "EnrollmentRequests");

            migrationBuilder.DropColumn(
                name: "SigningRequest",
                table: "EnrollmentRequests");

            migrationBuilder.CreateIndex(
                name: "IX_IssuedCertificates_NotAfter",
                table: "IssuedCertificates",
                column: "NotAfter");
        }
    }
}
