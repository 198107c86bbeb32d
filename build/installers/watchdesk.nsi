; Windows setup around the folder form that "python3 build package" makes on Windows. Never tried.
; makensis /DVERSION=0.1.0 /DFOLDER=dist\watchdesk-folder /DICON=.work\pyinstaller\icons\watchdesk.ico /DOUTFILE=dist\watchdesk-setup.exe build\installers\watchdesk.nsi
Unicode true
!include "MUI2.nsh"

!ifndef SIGN
  !define SIGN ""
!endif
Name "Watchdesk"
OutFile "${OUTFILE}"
; For the person who installs it: no administrator is asked for.
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\Watchdesk"
InstallDirRegKey HKCU "Software\Watchdesk" "InstallDir"
SetCompressor /SOLID lzma
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "Watchdesk"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Watchdesk setup"
VIAddVersionKey "LegalCopyright" "Apache-2.0"
; The signing hook: a command that gets the file's name, such as a call of signtool.
!if "${SIGN}" != ""
  !finalize '${SIGN} "%1"'
  !uninstfinalize '${SIGN} "%1"'
!endif

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\watchdesk.exe"
!insertmacro MUI_PAGE_LICENSE "..\..\LICENSE"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "SimpChinese"

LangString ASSOCIATE ${LANG_ENGLISH} "Offer Watchdesk for .evtx and .log files"
LangString ASSOCIATE ${LANG_SIMPCHINESE} "为 .evtx 和 .log 文件提供“用 Watchdesk 打开”"
LangString RUNNING ${LANG_ENGLISH} "Watchdesk is open. Close it, then go on."
LangString RUNNING ${LANG_SIMPCHINESE} "Watchdesk 正在运行。请先关闭它，然后继续。"

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Watchdesk"

!macro NEED_CLOSED
  ; A program that runs can't be opened for writing.
  retry:
  IfFileExists "$INSTDIR\watchdesk.exe" 0 closed
  ClearErrors
  FileOpen $0 "$INSTDIR\watchdesk.exe" a
  IfErrors 0 free
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(RUNNING)" /SD IDCANCEL IDRETRY retry
  Abort
  free:
  FileClose $0
  closed:
!macroend

Section "Watchdesk" SecProgram
  SectionIn RO
  !insertmacro NEED_CLOSED
  RMDir /r "$INSTDIR\_internal"
  SetOutPath "$INSTDIR"
  File /r "${FOLDER}\*.*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Watchdesk.lnk" "$INSTDIR\watchdesk.exe"
  WriteRegStr HKCU "Software\Watchdesk" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Watchdesk"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\watchdesk.exe"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
SectionEnd

Section "$(ASSOCIATE)" SecAssociate
  ; Offered beside what opens these files today, never in its place.
  WriteRegStr HKCU "Software\Classes\Watchdesk.Log" "" "Watchdesk"
  WriteRegStr HKCU "Software\Classes\Watchdesk.Log\DefaultIcon" "" "$INSTDIR\watchdesk.exe,0"
  WriteRegStr HKCU "Software\Classes\Watchdesk.Log\shell\open\command" "" '"$INSTDIR\watchdesk.exe" desktop "%1"'
  WriteRegStr HKCU "Software\Classes\.evtx\OpenWithProgids" "Watchdesk.Log" ""
  WriteRegStr HKCU "Software\Classes\.log\OpenWithProgids" "Watchdesk.Log" ""
SectionEnd

Section "Uninstall"
  !insertmacro NEED_CLOSED
  ; Only what was put here: the data of the desk lies elsewhere, or in watchdesk-data, and stays.
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\watchdesk.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Watchdesk.lnk"
  DeleteRegKey HKCU "Software\Classes\Watchdesk.Log"
  DeleteRegValue HKCU "Software\Classes\.evtx\OpenWithProgids" "Watchdesk.Log"
  DeleteRegValue HKCU "Software\Classes\.log\OpenWithProgids" "Watchdesk.Log"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "Software\Watchdesk"
SectionEnd
